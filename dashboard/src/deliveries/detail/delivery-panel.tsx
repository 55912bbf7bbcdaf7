import { X } from "lucide-react";
import { type ReactNode, useEffect, useEffectEvent } from "react";
import { typedKey } from "../../shortcuts/typed-key.ts";
import { Button } from "../../ui/button.tsx";

type DeliveryPanelProps = { title: string; onClose: () => void; children: ReactNode };

/** Stands beside the list, for which the shell keeps its width free: not modal, and Esc closes it, except while somebody types. */
export function DeliveryPanel({ title, onClose, children }: DeliveryPanelProps) {
  const close = useEffectEvent(onClose);
  useEffect(() => {
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
        <Button variant="quiet" aria-label="Close" onClick={onClose}>
          <X aria-hidden className="size-4" />
        </Button>
      </div>
      {children}
    </section>
  );
}
