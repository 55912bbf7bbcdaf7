import { Link } from "@tanstack/react-router";
import { ChevronDown, ChevronUp, X } from "lucide-react";
import { type ReactNode, useEffectEvent, useLayoutEffect } from "react";
import { typedKey } from "../../shortcuts/typed-key.ts";
import { useKeyHint } from "../../shortcuts/use-key-hint.ts";
import { Button } from "../../ui/button.tsx";
import { buttonStyle } from "../../ui/button-style.ts";
import { useNeighbors } from "../neighbors.ts";

type DeliveryPanelProps = { title: string; onClose: () => void; children: ReactNode };

/**
 * A panel beside the list, in space that the shell reserves for it. The panel is not modal; Esc closes it unless
 * someone is typing.
 */
export function DeliveryPanel({ title, onClose, children }: DeliveryPanelProps) {
  const close = useEffectEvent(onClose);
  // Before the first paint: Esc closes the panel as soon as it can be seen.
  useLayoutEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const target = event.target instanceof HTMLElement ? event.target : null;
      if (typedKey(event, target) === "Escape") close();
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, []);
  return (
    <section
      aria-labelledby="delivery"
      data-panel
      className="fixed inset-y-0 right-0 z-20 w-(--panel-width) animate-appear overflow-y-auto border-l border-line bg-surface px-6 pb-8 shadow-popup"
    >
      <div className="sticky top-0 z-10 -mx-6 mb-4 flex items-start justify-between gap-4 border-b border-line bg-surface px-6 py-4">
        <h2
          id="delivery"
          tabIndex={-1}
          data-start-here
          className="min-w-0 pt-1 text-page font-semibold [overflow-wrap:anywhere]"
        >
          {title}
        </h2>
        <div className="flex shrink-0">
          <Step step={-1} />
          <Step step={1} />
          <Button variant="quiet" aria-label="Close" onClick={onClose}>
            <X aria-hidden className="size-4" />
          </Button>
        </div>
      </div>
      {children}
    </section>
  );
}

const STEPS = {
  "1": {
    key: "j",
    label: "Next delivery",
    Icon: ChevronDown,
    end: "This is the last delivery loaded in the list.",
  },
  "-1": {
    key: "k",
    label: "Previous delivery",
    Icon: ChevronUp,
    end: "This is the first delivery in the list.",
  },
} as const;

/** Link to the delivery above or below in the list. It adds no entry to the browser's history. */
function Step({ step }: { step: 1 | -1 }) {
  const { previousId, nextId } = useNeighbors() ?? {};
  const { key, label, Icon, end } = STEPS[step];
  const hint = useKeyHint(key);
  const id = step === 1 ? nextId : previousId;
  if (id === undefined) {
    return (
      <Button variant="quiet" className="px-2!" aria-label={label} disabledReason={end}>
        <Icon aria-hidden className="size-4" />
      </Button>
    );
  }
  return (
    <Link
      {...hint}
      to="/deliveries/$id"
      params={{ id }}
      search
      replace
      resetScroll={false}
      preload={false}
      aria-label={label}
      className={buttonStyle("quiet", "px-2!")}
    >
      <Icon aria-hidden className="size-4" />
    </Link>
  );
}
