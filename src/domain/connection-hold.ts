import type { Fault } from "./fault-of.ts";
import { RETRY_DELAY_MAX_MS } from "./retry-schedule.ts";
import { plausibleDeadline } from "./stored-deadline.ts";

/**
 * The time until which a connection sends nothing: the end of a Retry-After pause, or in strict order the retry of the
 * head of its queue.
 */
export type ConnectionHold = {
  /** Epoch milliseconds; null when there is no hold. */
  readonly until: number | null;
  /** The length of the hold when it was set. */
  readonly lengthMs: number | null;
};

/** The end of the hold; null when deliveries can be sent now. */
export function heldUntil({ until, lengthMs }: ConnectionHold, now: number): number | null {
  const at = plausibleDeadline(until, lengthMs ?? RETRY_DELAY_MAX_MS, now);
  return at !== null && at > now ? at : null;
}

/**
 * The hold after a finished attempt: the one that ends latest. In strict order a new hold replaces the old one, and a
 * success ends it.
 */
export function holdAfter(
  before: ConnectionHold,
  attempt: {
    readonly fault: Fault;
    readonly isTest: boolean;
    /** Whether strict order was on when the attempt was sent. */
    readonly isOrdered: boolean;
    readonly holdUntil: number | null;
    readonly finishedAt: number;
  },
  isOrderedNow: boolean,
): ConnectionHold {
  const { fault, isTest, isOrdered, holdUntil, finishedAt } = attempt;
  // Strict order was switched off after the attempt was sent, which ended the wait for the head of the queue.
  if (isOrdered && !isOrderedNow) return before;
  if (holdUntil === null) {
    return fault === "none" && isOrdered && !isTest ? { until: null, lengthMs: null } : before;
  }
  const heldBefore = isOrdered ? null : heldUntil(before, finishedAt);
  if (heldBefore !== null && heldBefore >= holdUntil) return before;
  return { until: holdUntil, lengthMs: holdUntil - finishedAt };
}
