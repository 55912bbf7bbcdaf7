const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/**
 * Delays between attempts: ten attempts over about three days (Standard Webhooks 1.0.0, "Deliverability and
 * reliability").
 */
export const RETRY_DELAYS_MS: readonly number[] = [
  5 * SECOND_MS,
  5 * MINUTE_MS,
  30 * MINUTE_MS,
  2 * HOUR_MS,
  5 * HOUR_MS,
  10 * HOUR_MS,
  14 * HOUR_MS,
  20 * HOUR_MS,
  24 * HOUR_MS,
];

/** Attempts until a delivery counts as failed, unless a person asks for more. */
export const ATTEMPTS_MAX = RETRY_DELAYS_MS.length + 1;

/** Spreads deliveries that failed together, so that their retries do not coincide. */
const JITTER = 0.2;
const RETRY_AFTER_MAX_MS = 24 * HOUR_MS;
/** No retry is due later than this after its failed attempt: the longest delay with its jitter. */
export const RETRY_DELAY_MAX_MS = (1 + JITTER) * Math.max(...RETRY_DELAYS_MS);

/**
 * When a delivery is due again after a failed attempt (epoch milliseconds), or null when the schedule is used up. A
 * receiver's Retry-After applies when it is later than the schedule, up to 24 hours. `random` is from 0 to 1.
 */
export function nextAttemptAt(failed: {
  /** Number of the failed attempt: 1 for the first. */
  readonly attemptNumber: number;
  readonly finishedAt: number;
  readonly retryAfterSeconds: number | null;
  readonly random: number;
}): number | null {
  const delayMs = RETRY_DELAYS_MS[failed.attemptNumber - 1];
  if (delayMs === undefined) return null;
  const jittered = Math.round(delayMs * (1 + JITTER * (2 * failed.random - 1)));
  const requestedMs = Math.min((failed.retryAfterSeconds ?? 0) * SECOND_MS, RETRY_AFTER_MAX_MS);
  return failed.finishedAt + Math.max(jittered, requestedMs);
}
