import type { Fault } from "./fault-of.ts";

const HOUR_MS = 60 * 60 * 1000;
/** A connection is paused after failing for this long without a success. */
export const FAILING_FOR_MS = 5 * 24 * HOUR_MS;
/**
 * Longer than the longest step of the retry schedule (28.8 h): a longer silence is no evidence of failures in between.
 */
export const SILENCE_MAX_MS = 36 * HOUR_MS;

/** A run of failures without a success or a long silence. Times are epoch milliseconds. */
export type FailingRun = { readonly since: number; readonly latestAt: number };

/**
 * The run after a finished attempt; null when there is none. Any success ends it. A failed test and a fault of ours are
 * no evidence, so they neither start nor extend it.
 */
export function failingRunAfter(
  run: FailingRun | null,
  attempt: { readonly fault: Fault; readonly isTest: boolean; readonly finishedAt: number },
): FailingRun | null {
  const { fault, isTest, finishedAt } = attempt;
  if (fault === "none") return null;
  if (isTest || fault === "ours") return run;
  const anew = { since: finishedAt, latestAt: finishedAt };
  if (run === null) return anew;
  const silenceMs = finishedAt - run.latestAt;
  // An attempt that finished before the run began was timed by another clock, so the run proves nothing.
  if (silenceMs > SILENCE_MAX_MS || finishedAt < run.since) return anew;
  return { since: run.since, latestAt: Math.max(run.latestAt, finishedAt) };
}

/** Whether the failures span enough days to pause the connection. */
export function hasFailedForDays(run: FailingRun | null): boolean {
  return run !== null && run.latestAt - run.since >= FAILING_FOR_MS;
}
