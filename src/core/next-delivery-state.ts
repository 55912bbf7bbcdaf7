import type { PausedReason } from "./connection.ts";
import type { AttemptTrigger, DeliveryStatus } from "./delivery.ts";
import { nextAttemptAt } from "./retry-schedule.ts";

/** The receiver says that it is gone and will not be back (RFC 9110, 15.5.11). */
const GONE = 410;
const FAILING_FOR_MS = 5 * 24 * 60 * 60 * 1000;

/** The moves of a delivery's life as `delivery.ts` tells it. */
const MOVES: Record<DeliveryStatus, readonly DeliveryStatus[]> = {
  pending: ["delivering", "cancelled"],
  delivering: ["delivered", "pending", "failed"],
  delivered: ["pending"],
  failed: ["pending", "cancelled"],
  cancelled: [],
};

/** Whether a delivery may go from one status to another. Staying is no move. */
export function canMove(from: DeliveryStatus, to: DeliveryStatus): boolean {
  return MOVES[from].includes(to);
}

export type FinishedState = {
  readonly status: "delivered" | "pending" | "failed";
  /** Epoch milliseconds; null unless it is pending. */
  readonly nextAttemptAt: number | null;
  /** Why the connection stops sending for now, when this attempt says that it should. */
  readonly pauses: PausedReason | null;
};

type FinishedAttempt = {
  readonly ok: boolean;
  /** HTTP status of the answer, null when there was none. */
  readonly status: number | null;
  readonly trigger: AttemptTrigger;
  /** Counts every attempt of the delivery, this one included. */
  readonly attemptNumber: number;
  readonly retryAfterSeconds: number | null;
  /** Start of the receiver's unbroken run of failures before this attempt, null when it last succeeded. */
  readonly firstFailureAt: number | null;
  readonly finishedAt: number;
  /** From 0 to 1, for the jitter. */
  readonly random: number;
};

/**
 * What a finished attempt makes of its delivery and of its connection. Whatever the failure, it is tried again by the
 * schedule: a blocked address or unreadable credentials can be mended meanwhile. A test is never retried, and pauses
 * nothing: a person is looking at it.
 */
export function nextDeliveryState(attempt: FinishedAttempt): FinishedState {
  if (attempt.ok) return { status: "delivered", nextAttemptAt: null, pauses: null };
  if (attempt.trigger === "test") return { status: "failed", nextAttemptAt: null, pauses: null };
  const pauses = pausesAfterFailure(attempt);
  const next = nextAttemptAt(attempt);
  if (pauses === "gone" && (next !== null || attempt.trigger !== "manual")) {
    // It waits with the rest of the backlog, and is the first to leave when the connection resumes.
    return { status: "pending", nextAttemptAt: attempt.finishedAt, pauses };
  }
  return { status: next === null ? "failed" : "pending", nextAttemptAt: next, pauses };
}

function pausesAfterFailure(attempt: FinishedAttempt): PausedReason | null {
  if (attempt.status === GONE) return "gone";
  const failingSince = attempt.firstFailureAt ?? attempt.finishedAt;
  return attempt.finishedAt - failingSince >= FAILING_FOR_MS ? "failing" : null;
}
