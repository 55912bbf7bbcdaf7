import type { Fault } from "./fault-of.ts";
import { RETRY_DELAY_MAX_MS } from "./retry-schedule.ts";
import { plausibleDeadline } from "./stored-deadline.ts";

/** Before when nothing of a connection leaves: a Retry-After pause, or in strict order the retry of its head. */
export type ConnectionHold = {
  /** Epoch milliseconds; null while nothing holds it. */
  readonly until: number | null;
  /** How long that was when it was set. */
  readonly lengthMs: number | null;
};

/** Until when nothing leaves; null when something may leave now. */
export function heldUntil({ until, lengthMs }: ConnectionHold, now: number): number | null {
  const at = plausibleDeadline(until, lengthMs ?? RETRY_DELAY_MAX_MS, now);
  return at !== null && at > now ? at : null;
}

/** The hold after a finished attempt: the latest that was asked for; in strict order a success lets the next one go. */
export function holdAfter(
  before: ConnectionHold,
  attempt: {
    readonly fault: Fault;
    readonly isTest: boolean;
    /** When it was sent. */
    readonly isOrdered: boolean;
    readonly holdsUntil: number | null;
    readonly finishedAt: number;
  },
  isOrderedNow: boolean,
): ConnectionHold {
  const { fault, isTest, isOrdered, holdsUntil, finishedAt } = attempt;
  // Strict order was switched off meanwhile, which ended what its head had others wait for.
  if (isOrdered && !isOrderedNow) return before;
  if (holdsUntil === null) {
    return fault === "none" && isOrdered && !isTest ? { until: null, lengthMs: null } : before;
  }
  const heldBefore = isOrdered ? null : heldUntil(before, finishedAt);
  if (heldBefore !== null && heldBefore >= holdsUntil) return before;
  return { until: holdsUntil, lengthMs: holdsUntil - finishedAt };
}
