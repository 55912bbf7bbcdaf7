import type { CircuitBreaker } from "./circuit-breaker.ts";
import type { ConnectionStatus } from "./connection.ts";
import { type ConnectionHold, heldUntil } from "./connection-hold.ts";
import type { DeliveryStatus } from "./delivery.ts";
import type { Health } from "./health.ts";
import { CLOCK_SKEW_MAX_MS } from "./stored-deadline.ts";

/**
 * The life cycle of a replay:
 *
 * A replay is `running` until every delivery it selected has become due and had its attempt, then `completed`. A person
 * can pause and resume it, or stop it permanently. A connection that fails five times in a row is stopped within the
 * replay while the others continue, and the replay ends as `stopped`. Deliveries that are due by then but not sent
 * return to their previous state.
 */
export type ReplayStatus = "running" | "paused" | "stopped" | "completed";
export type ReplayStopReason = "manual" | "failures";

/** Whether a replay begins immediately, or for each receiver once it has accepted a delivery again. */
export const REPLAY_STARTS = ["now", "receiver_recovers"] as const;
export type ReplayStart = (typeof REPLAY_STARTS)[number];

/**
 * How a replay treats one of its connections: `active` normally; `waiting` from the first delivery that its receiver
 * did not accept until it accepts one again; `stopped` after too many consecutive failures; `left_out` because it was
 * not healthy; `done` once all deliveries it waited with are due.
 */
export type ReplayConnectionState = "active" | "waiting" | "stopped" | "left_out" | "done";

/** Deliveries that have ended can be replayed. */
export const REPLAYABLE_STATUSES = ["delivered", "failed", "cancelled"] as const satisfies DeliveryStatus[];
export type ReplayableStatus = (typeof REPLAYABLE_STATUSES)[number];

export type ReplayVerb = "pause" | "resume" | "stop";

const NEXT: Record<ReplayVerb, Partial<Record<ReplayStatus, ReplayStatus>>> = {
  pause: { running: "paused" },
  resume: { paused: "running" },
  stop: { running: "stopped", paused: "stopped" },
};

/** The status after a verb; null when the verb does not apply. */
export function nextReplayStatus(status: ReplayStatus, verb: ReplayVerb): ReplayStatus | null {
  return NEXT[verb][status] ?? null;
}

/** A receiver with this many consecutive failures is still failing. */
const CONSECUTIVE_FAILURES_MAX = 5;

/** The consecutive failures after these attempts, oldest first, and whether there were too many at any point. */
export function failuresAfter(
  failures: number,
  attempts: readonly { readonly ok: boolean }[],
): { readonly consecutiveFailures: number; readonly isTooMany: boolean } {
  let count = failures;
  let isTooMany = false;
  for (const { ok } of attempts) {
    count = ok ? 0 : count + 1;
    isTooMany ||= count >= CONSECUTIVE_FAILURES_MAX;
  }
  return { consecutiveFailures: count, isTooMany };
}

const STEP_EVERY_MS = 1000;
/** Limits how much is caught up after a time in which no process was running. */
const CATCH_UP_MAX_MS = 5000;

/** The latest time at which a next step can be due; a later one was set by a clock that has been set back since. */
export function nextStepAtMax(now: number): number {
  return now + CATCH_UP_MAX_MS + CLOCK_SKEW_MAX_MS;
}

/** How many deliveries a replay can make due in this step. The first step has one second's worth. */
export function stepCapacity(ratePerSecond: number, dueAt: number, now: number): number {
  const elapsedMs = Math.min(STEP_EVERY_MS + Math.max(0, now - dueAt), CATCH_UP_MAX_MS);
  return Math.floor((ratePerSecond * elapsedMs) / 1000);
}

/** When a replay continues after `taken` deliveries have become due, according to its rate. */
export function nextStepAt(
  step: { readonly ratePerSecond: number; readonly dueAt: number; readonly taken: number },
  now: number,
): number {
  const dueAt = step.dueAt > nextStepAtMax(now) ? now : step.dueAt;
  const from = Math.max(dueAt, now - CATCH_UP_MAX_MS + STEP_EVERY_MS);
  return Math.ceil(from + (step.taken * 1000) / step.ratePerSecond);
}

/** The state of a connection that decides how many deliveries a replay makes due for it. */
export type ReplayedConnection = {
  readonly status: ConnectionStatus;
  readonly health: Health;
  readonly breaker: Omit<CircuitBreaker, "receiverFaults">;
  readonly hold: ConnectionHold;
};

/**
 * How much a replay can make due for a connection: `open` as much as its rate allows; `probe` one delivery at a time,
 * since the receiver is failing or asked to wait; `closed` nothing.
 */
export type ReplayAccess = "open" | "probe" | "closed";

export function replayAccess(connection: ReplayedConnection, starts: ReplayStart, now: number): ReplayAccess {
  if (connection.status === "paused") return "closed";
  if (!isTroubled(connection, now)) return "open";
  return starts === "now" ? "probe" : "closed";
}

/** Whether a receiver is known to accept nothing at the moment. */
export function isTroubled({ status, health, breaker, hold }: ReplayedConnection, now: number): boolean {
  if (status === "disconnected") return false;
  return (
    status === "paused" || health === "unhealthy" || breaker.probeAt !== null || heldUntil(hold, now) !== null
  );
}

/** Changes to replays after their attempts were counted. */
export type ReplayChanges = {
  readonly changed: readonly string[];
  /** Connections of the deliveries that a stopped replay has withdrawn. */
  readonly recalled: readonly string[];
};
