/** The first delay; each further one is twice as long, up to the longest. */
const FIRST_DELAY_MS = 250;
const LONGEST_DELAY_MS = 8000;
/** If the server asks for a longer wait, the call fails and the caller decides. */
const RETRY_AFTER_MAX_S = 30;
/** Statuses below 500 that say nothing about the request itself. */
const TRANSIENT = new Set([408, 425, 429]);
/** Statuses that no retry changes: not implemented, and unsupported HTTP version. */
const FINAL = new Set([501, 505]);

export type FailedAttempt = {
  /** Null if there was no response. */
  readonly status: number | null;
  readonly code: string | null;
  readonly retryAfter: number | null;
};

/**
 * The milliseconds to wait before the next attempt, or null to give up. Every call is safe to repeat: events have ids,
 * actions have idempotency keys, and all other calls lead to the same state. `failures` counts the attempts so far;
 * `random` is from 0 to 1.
 */
export function retryDelay(
  failed: FailedAttempt,
  failures: number,
  retriesMax: number,
  random: number,
): number | null {
  if (failures > retriesMax || !isTransient(failed)) return null;
  const backoff = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (failures - 1));
  const { retryAfter } = failed;
  if (retryAfter === null) return backoff * (0.5 + 0.5 * random);
  // Random, so that clients refused at the same time do not all retry at the same time.
  return retryAfter > RETRY_AFTER_MAX_S ? null : retryAfter * 1000 + backoff * random;
}

function isTransient({ status, code }: FailedAttempt): boolean {
  if (status === null || TRANSIENT.has(status) || code === "idempotency_key_in_use") return true;
  return status >= 500 && !FINAL.has(status);
}
