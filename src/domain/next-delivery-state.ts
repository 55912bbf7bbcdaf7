import type { AttemptTrigger, DeliveryStatus } from "./delivery.ts";
import { faultOf } from "./fault-of.ts";
import type { Outcome } from "./outcome.ts";
import { nextAttemptAt } from "./retry-schedule.ts";

/** The receiver says that it is gone and will not be back (RFC 9110, 15.5.11). */
const GONE = 410;
const TOO_MANY_REQUESTS = 429;
const SERVICE_UNAVAILABLE = 503;
/** The longest Retry-After pause of a whole connection: one odd response must not silence it for a day. */
const PAUSE_MAX_MS = 60 * 60 * 1000;

/** The transitions that `delivery.ts` describes. */
const TRANSITIONS: Record<DeliveryStatus, readonly DeliveryStatus[]> = {
  pending: ["delivered", "failed", "cancelled"],
  delivered: ["pending"],
  failed: ["pending", "cancelled", "delivered"],
  cancelled: ["delivered"],
};

/** Whether a delivery can change from one status to another. Keeping a status is not a change. */
export function canTransition(from: DeliveryStatus, to: DeliveryStatus): boolean {
  return TRANSITIONS[from].includes(to);
}

export type FinishedState = {
  readonly status: "delivered" | "pending" | "failed";
  /** Its position in the queue, in epoch milliseconds; null unless it is pending. */
  readonly nextAttemptAt: number | null;
  /** Nothing is sent to the connection before this time; null for no hold. */
  readonly holdUntil: number | null;
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
  /** The position in the queue from which it was taken. */
  readonly dueAt: number;
  /** Whether its connection uses strict order. */
  readonly isOrdered: boolean;
  readonly retryAfterSeconds: number | null;
  readonly finishedAt: number;
  /** From 0 to 1, for the jitter. */
  readonly random: number;
};

/**
 * The state of a delivery and its connection after a finished attempt. Every failure is retried by the schedule: even a
 * blocked address or unreadable credentials can be fixed meanwhile. In strict order a delivery that waits for its retry
 * stays at the head of the queue, and the others wait for it. A test is never retried and pauses nothing: a person is
 * watching it.
 */
export function nextDeliveryState(attempt: FinishedAttempt): FinishedState {
  const ended = { nextAttemptAt: null, holdUntil: null, isGone: false };
  if (attempt.ok) return { ...ended, status: "delivered" };
  if (attempt.trigger === "test") return { ...ended, status: "failed" };
  const isGone = attempt.status === GONE;
  const next = nextAttemptAt(attempt);
  if (isGone && (next !== null || attempt.trigger !== "manual")) {
    // The delivery waits with the rest of the backlog and keeps its position for the resume.
    return { status: "pending", nextAttemptAt: attempt.dueAt, holdUntil: null, isGone };
  }
  if (next === null)
    return { status: "failed", nextAttemptAt: null, holdUntil: requestedPauseUntil(attempt), isGone };
  if (attempt.isOrdered) return { status: "pending", nextAttemptAt: attempt.dueAt, holdUntil: next, isGone };
  return { status: "pending", nextAttemptAt: next, holdUntil: requestedPauseUntil(attempt), isGone };
}

/** An overloaded receiver asks all deliveries to wait, not just one (RFC 9110, 10.2.3; RFC 6585, section 4). */
function requestedPauseUntil({ status, retryAfterSeconds, finishedAt }: FinishedAttempt): number | null {
  const requestsPause = status === TOO_MANY_REQUESTS || status === SERVICE_UNAVAILABLE;
  if (!requestsPause || retryAfterSeconds === null) return null;
  return finishedAt + Math.min(retryAfterSeconds * 1000, PAUSE_MAX_MS);
}

/**
 * Whether an outcome can stop other deliveries of its connection, so that they wait until it is recorded. A rejected
 * message concerns only itself, unless the receiver is gone.
 */
export function concernsOthers(outcome: Outcome): boolean {
  const fault = faultOf(outcome);
  if (fault !== "message") return fault !== "none";
  return outcome.kind === "response" && outcome.response.status === GONE;
}
