import type { EventRow } from "../api/types.ts";
import { count } from "../text/count.ts";

type Outcomes = EventRow["outcomes"];
export type OutcomePart = {
  readonly status: "delivered" | "pending" | "failed" | "cancelled";
  readonly words: string;
};

const IN_ORDER = ["failed", "pending", "delivered", "cancelled"] as const;

/** "1 failed", "3 delivered": failures come first. Empty when there are no deliveries. */
export function outcomeParts(outcomes: Outcomes): readonly OutcomePart[] {
  return IN_ORDER.filter((status) => outcomes[status] > 0).map((status) => ({
    status,
    words: `${count(outcomes[status])}${outcomes.is_exact ? "" : "+"} ${status}`,
  }));
}
