import type { AttemptTrigger, DeliveryStatus } from "./delivery.ts";
import { faultOf } from "./fault-of.ts";
import type { Outcome } from "./outcome.ts";
import { nextAttemptAt } from "./retry-schedule.ts";

/** The receiver says that it is gone and will not be back (RFC 9110, 15.5.11). */
const GONE = 410;
const TOO_MANY_REQUESTS = 429;
const SERVICE_UNAVAILABLE = 503;
/** A whole connection rests for so long at most: one odd response must not silence it for a day. */
const REST_MAX_MS = 60 * 60 * 1000;

/** The moves of a delivery's life as `delivery.ts` tells it. */
const MOVES: Record<DeliveryStatus, readonly DeliveryStatus[]> = {
  pending: ["delivered", "failed", "cancelled"],
  delivered: ["pending"],
  failed: ["pending", "cancelled", "delivered"],
  cancelled: ["delivered"],
};

/** Whether a delivery may go from one status to another. Staying is no move. */
export function canMove(from: DeliveryStatus, to: DeliveryStatus): boolean {
  return MOVES[from].includes(to);
}

export type FinishedState = {
  readonly status: "delivered" | "pending" | "failed";
  /** Its place in the queue, epoch milliseconds; null unless it is pending. */
  readonly nextAttemptAt: number | null;
  /** Nothing of the connection leaves before; null for no such wish. */
  readonly holdsUntil: number | null;
  /** The receiver says that it is gone: the connection is paused. */
  readonly isGone: boolean;
};

type FinishedAttempt = {
  readonly ok: boolean;
  /** HTTP status of the response, null when there was none. */
  readonly status: number | null;
  readonly trigger: AttemptTrigger;
  /** Counts every attempt of the delivery, this one included. */
  readonly attemptNumber: number;
  /** The place in the queue it was taken from. */
  readonly dueAt: number;
  /** Whether its connection is sent to in strict order. */
  readonly isOrdered: boolean;
  readonly retryAfterSeconds: number | null;
  readonly finishedAt: number;
  /** From 0 to 1, for the jitter. */
  readonly random: number;
};

/**
 * What a finished attempt makes of its delivery and of its connection. Whatever the failure, it is tried again by the
 * schedule: a blocked address or unreadable credentials can be mended meanwhile. With strict order a delivery that
 * waits for its retry keeps its place at the head, and holds the others back. A test is never retried, and pauses
 * nothing: a person is looking at it.
 */
export function nextDeliveryState(attempt: FinishedAttempt): FinishedState {
  const ended = { nextAttemptAt: null, holdsUntil: null, isGone: false };
  if (attempt.ok) return { ...ended, status: "delivered" };
  if (attempt.trigger === "test") return { ...ended, status: "failed" };
  const isGone = attempt.status === GONE;
  const next = nextAttemptAt(attempt);
  if (isGone && (next !== null || attempt.trigger !== "manual")) {
    // It waits with the rest of the backlog, and keeps its place there for the resume.
    return { status: "pending", nextAttemptAt: attempt.dueAt, holdsUntil: null, isGone };
  }
  if (next === null) return { status: "failed", nextAttemptAt: null, holdsUntil: askedRest(attempt), isGone };
  if (attempt.isOrdered) return { status: "pending", nextAttemptAt: attempt.dueAt, holdsUntil: next, isGone };
  return { status: "pending", nextAttemptAt: next, holdsUntil: askedRest(attempt), isGone };
}

/** A receiver that is overloaded asks everyone to wait (RFC 9110, 10.2.3; RFC 6585, section 4), not one delivery. */
function askedRest({ status, retryAfterSeconds, finishedAt }: FinishedAttempt): number | null {
  const asks = status === TOO_MANY_REQUESTS || status === SERVICE_UNAVAILABLE;
  if (!asks || retryAfterSeconds === null) return null;
  return finishedAt + Math.min(retryAfterSeconds * 1000, REST_MAX_MS);
}

/**
 * Whether what follows from an outcome may keep others of its connection from being sent, so that they wait until it is
 * recorded. A rejected message concerns itself alone, unless the receiver is gone.
 */
export function concernsOthers(outcome: Outcome): boolean {
  const fault = faultOf(outcome);
  if (fault !== "message") return fault !== "none";
  return outcome.kind === "response" && outcome.response.status === GONE;
}
