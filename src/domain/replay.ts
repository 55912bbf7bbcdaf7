import type { DeliveryStatus } from "./delivery.ts";
import { CLOCK_SKEW_MAX_MS } from "./stored-deadline.ts";

/**
 * A replay's life: it is `running` until everything it chose has been made due and has had its attempt, then
 * `completed`. A person may pause and resume it, or stop it for good; five failures in a row stop it too, since then
 * the receiver is not mended yet. What it has made due and nobody has sent by then goes back to what it was.
 */
export type ReplayStatus = "running" | "paused" | "stopped" | "completed";
export type ReplayStopReason = "manual" | "failures";

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

/** A receiver that fails so often in a row is not mended yet. */
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

/** What counting attempts has changed about replays. */
export type NotedReplays = {
  readonly changed: readonly string[];
  /** Connections of what a replay that was stopped has taken back. */
  readonly recalled: readonly string[];
};
