import { Ban, CircleCheck, CircleX, Clock } from "lucide-react";
import type { EventRow } from "../api/types.ts";
import { type OutcomePart, outcomeParts } from "./outcome-words.ts";

const LOOKS = {
  failed: { icon: CircleX, tone: "text-err" },
  pending: { icon: Clock, tone: "text-muted" },
  delivered: { icon: CircleCheck, tone: "text-ok" },
  cancelled: { icon: Ban, tone: "text-muted" },
} as const satisfies Record<OutcomePart["status"], unknown>;

/** An event's deliveries by status. */
export function EventOutcomes({ outcomes }: { outcomes: EventRow["outcomes"] }) {
  const parts = outcomeParts(outcomes);
  if (parts.length === 0) return <span className="text-muted">No deliveries</span>;
  return (
    <span className="flex flex-wrap gap-x-3">
      {parts.map(({ status, words }) => {
        const { icon: Icon, tone } = LOOKS[status];
        return (
          <span key={status} className={`flex items-center gap-1 whitespace-nowrap ${tone}`}>
            <Icon aria-hidden className="size-3.5 shrink-0" />
            <span>{words}</span>
          </span>
        );
      })}
    </span>
  );
}
