import { plausibleDeadline } from "./stored-deadline.ts";

const MINUTE_MS = 60_000;
const SECONDS_A_MINUTE = 60;

/**
 * A rate limit in requests per minute, spread evenly, with bursts of up to one second's worth (the generic cell rate
 * algorithm, ITU-T I.371). `takenUntil` is its theoretical arrival time: the time up to which the rate is used up. All
 * times are epoch milliseconds.
 */
export type RateLimit = { readonly perMinute: number; readonly takenUntil: number };

function intervalMs({ perMinute }: RateLimit): number {
  return MINUTE_MS / perMinute;
}

function burst({ perMinute }: RateLimit): number {
  return Math.max(1, Math.floor(perMinute / SECONDS_A_MINUTE));
}

/** At most one burst and one more request ahead; a later time was written by a clock that has been set back since. */
function takenUntil(limit: RateLimit, now: number): number {
  const aheadMaxMs = (burst(limit) + 1) * intervalMs(limit);
  return Math.max(now, plausibleDeadline(limit.takenUntil, aheadMaxMs, now) ?? now);
}

/** The furthest that a plausible `takenUntil` is ahead at any limit: two minutes at one request per minute. */
export const RATE_AHEAD_MAX_MS = 2 * MINUTE_MS;

/** The later of two `takenUntil` times; implausible ones count as `now`. */
export function laterInRate(perMinute: number, one: number, other: number, now: number): number {
  return Math.max(
    takenUntil({ perMinute, takenUntil: one }, now),
    takenUntil({ perMinute, takenUntil: other }, now),
  );
}

/** How many requests can be sent now. */
export function roomInRate(limit: RateLimit, now: number): number {
  const usedMs = takenUntil(limit, now) - now;
  return Math.max(0, Math.floor(burst(limit) - usedMs / intervalMs(limit)));
}

/** When the next request can be sent. */
export function nextInRate(limit: RateLimit, now: number): number {
  return Math.max(now, Math.ceil(takenUntil(limit, now) - (burst(limit) - 1) * intervalMs(limit)));
}

/** The new `takenUntil` after this many requests were sent. */
export function takeFromRate(limit: RateLimit, requests: number, now: number): number {
  return Math.ceil(takenUntil(limit, now) + requests * intervalMs(limit));
}
