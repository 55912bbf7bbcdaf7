import type { CircuitBreaker } from "./circuit-breaker.ts";
import type { ConnectionStatus } from "./connection.ts";
import { type ConnectionHold, heldUntil } from "./connection-hold.ts";
import type { DeliveryStatus } from "./delivery.ts";
import type { Health } from "./health.ts";
import { CLOCK_SKEW_MAX_MS } from "./stored-deadline.ts";

/**
 * A replay's life: it is `running` until everything it chose has been made due and has had its attempt, then
 * `completed`. A person may pause and resume it, or stop it for good. A connection that fails five times in a row is
 * stopped within the replay while the others go on, and the replay ends as `stopped`. What it has made due and no one has
 * sent by then goes back to what it was.
 */
export type ReplayStatus = "running" | "paused" | "stopped" | "completed";
export type ReplayStopReason = "manual" | "failures";

/** Whether a replay begins immediately, or with each receiver once that has taken something again. */
export const REPLAY_STARTS = ["now", "receiver_recovers"] as const;
export type ReplayStart = (typeof REPLAY_STARTS)[number];

/**
 * How a replay treats one of its connections: `active` like all others; `waiting` from the first delivery on that its
 * receiver did not take, until it takes something again; `stopped` after too many failures in a row; `left_out` because it
 * was not healthy; `done` with everything made due that it had waited with.
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

/** The status a verb leads to; null when it does not apply. */
export function nextReplayStatus(status: ReplayStatus, verb: ReplayVerb): ReplayStatus | null {
  return NEXT[verb][status] ?? null;
}

/** A receiver that fails so often in a row is still failing. */
const FAILURES_IN_A_ROW_MAX = 5;

/** The failures in a row after these attempts, oldest first, and whether they were too many at any point. */
export function failuresAfter(
  inARow: number,
  attempts: readonly { readonly ok: boolean }[],
): { readonly inARow: number; readonly isTooMany: boolean } {
  let count = inARow;
  let isTooMany = false;
  for (const { ok } of attempts) {
    count = ok ? 0 : count + 1;
    isTooMany ||= count >= FAILURES_IN_A_ROW_MAX;
  }
  return { inARow: count, isTooMany };
}

const STEP_EVERY_MS = 1000;
/** What was missed while no process was there to step is not made up for at once. */
const CATCH_UP_MAX_MS = 5000;

/** The latest time a next step can be due at; one that is later was set by a clock which has been set back since. */
export function nextStepAtMax(now: number): number {
  return now + CATCH_UP_MAX_MS + CLOCK_SKEW_MAX_MS;
}

/** How many deliveries a replay may make due at this step. The first step has a second's worth. */
export function stepRoom(ratePerSecond: number, dueAt: number, now: number): number {
  const elapsedMs = Math.min(STEP_EVERY_MS + Math.max(0, now - dueAt), CATCH_UP_MAX_MS);
  return Math.floor((ratePerSecond * elapsedMs) / 1000);
}

/** When a replay goes on that has made so many due: later by as long as its rate gives these. */
export function nextStepAt(
  step: { readonly ratePerSecond: number; readonly dueAt: number; readonly taken: number },
  now: number,
): number {
  const dueAt = step.dueAt > nextStepAtMax(now) ? now : step.dueAt;
  const from = Math.max(dueAt, now - CATCH_UP_MAX_MS + STEP_EVERY_MS);
  return Math.ceil(from + (step.taken * 1000) / step.ratePerSecond);
}

/** What a replay goes by when it makes deliveries of a connection due. */
export type ReplayedConnection = {
  readonly status: ConnectionStatus;
  readonly health: Health;
  readonly breaker: Omit<CircuitBreaker, "receiverFaults">;
  readonly hold: ConnectionHold;
};

/**
 * How much a replay may make due for a connection: `open` as much as its rate gives; `probe` one delivery at a time, since
 * the receiver fails or asked to wait; `closed` nothing.
 */
export type ReplayAccess = "open" | "probe" | "closed";

export function replayAccess(connection: ReplayedConnection, starts: ReplayStart, now: number): ReplayAccess {
  if (connection.status === "paused") return "closed";
  if (!isTroubled(connection, now)) return "open";
  return starts === "now" ? "probe" : "closed";
}

/** Whether a receiver takes nothing at the moment, as far as is known. */
export function isTroubled({ status, health, breaker, hold }: ReplayedConnection, now: number): boolean {
  if (status === "disconnected") return false;
  return (
    status === "paused" || health === "unhealthy" || breaker.probeAt !== null || heldUntil(hold, now) !== null
  );
}

/** What counting attempts has changed about replays. */
export type NotedReplays = {
  readonly changed: readonly string[];
  /** Connections of what a replay that was stopped has taken back. */
  readonly recalled: readonly string[];
};
