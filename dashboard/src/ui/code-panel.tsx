import { type ReactNode, useId } from "react";
import { UntrustedText } from "./untrusted-text.tsx";

type CodePanelProps = {
  title: string;
  text: string;
  /** Shown instead of an empty text. */
  emptyWord?: string;
  actions?: ReactNode;
};

/** Exact text in monospace. Long lines wrap, and long texts scroll inside. */
export function CodePanel({ title, text, emptyWord = "Empty", actions }: CodePanelProps) {
  const titleId = useId();
  return (
    <div>
      <div className="flex min-h-9 flex-wrap items-center justify-between gap-x-2">
        <h4 id={titleId} className="text-table font-medium text-muted">
          {title}
        </h4>
        <div className="flex flex-wrap">{actions}</div>
      </div>
      {text === "" ? (
        <p className="rounded-control bg-sunken p-3 text-table text-muted">{emptyWord}</p>
      ) : (
        <section
          aria-labelledby={titleId}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
          tabIndex={0}
          className="max-h-80 overflow-auto rounded-control bg-sunken p-3 font-mono text-badge [overflow-wrap:anywhere] whitespace-pre-wrap"
        >
          <UntrustedText text={text} />
        </section>
      )}
    </div>
  );
}
