/** Maximum clock difference between processes that share a database; the others ignore a process that differs more. */
export const CLOCK_SKEW_MAX_MS = 20_000;

/**
 * The stored deadline if it is plausible, otherwise null. `lengthMaxMs` is the furthest ahead it is ever set: a later
 * one was written by a clock that has been set back since, and waiting for it would last as long as that step.
 */
export function plausibleDeadline(at: number | null, lengthMaxMs: number, now: number): number | null {
  return at !== null && at - now <= lengthMaxMs + CLOCK_SKEW_MAX_MS ? at : null;
}
