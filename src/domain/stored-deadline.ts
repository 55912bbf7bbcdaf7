/** Clocks of processes that share a database may differ by so much; one that differs more is not heard by the others. */
export const CLOCK_SKEW_MAX_MS = 20_000;

/**
 * A stored deadline that can be true, else null. `lengthMaxMs` is the longest it is ever set ahead: one further ahead was
 * written by a clock that has been set back since, and waiting for it would last as long as the step.
 */
export function plausibleDeadline(at: number | null, lengthMaxMs: number, now: number): number | null {
  return at !== null && at - now <= lengthMaxMs + CLOCK_SKEW_MAX_MS ? at : null;
}
