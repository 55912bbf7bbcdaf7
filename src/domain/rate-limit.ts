import { plausibleDeadline } from "./stored-deadline.ts";

const MINUTE_MS = 60_000;
const SECONDS_PER_MINUTE = 60;

/**
 * A rate limit in requests per minute, spread evenly, with bursts of up to one second's worth (the generic cell rate
 * algorithm, ITU-T I.371). `usedUntil` is its theoretical arrival time: the time up to which the rate is used up. All
 * times are epoch milliseconds.
 */
export type RateLimit = { readonly perMinute: number; readonly usedUntil: number };

function intervalMs({ perMinute }: RateLimit): number {
  return MINUTE_MS / perMinute;
}

function burst({ perMinute }: RateLimit): number {
  return Math.max(1, Math.floor(perMinute / SECONDS_PER_MINUTE));
}

/** At most one burst and one more request ahead; a later time was written by a clock that has been set back since. */
function usedUntil(limit: RateLimit, now: number): number {
  const aheadMaxMs = (burst(limit) + 1) * intervalMs(limit);
  return Math.max(now, plausibleDeadline(limit.usedUntil, aheadMaxMs, now) ?? now);
}

/** The furthest that a plausible `usedUntil` is ahead at any limit: two minutes at one request per minute. */
export const RATE_AHEAD_MAX_MS = 2 * MINUTE_MS;

/** The later of two `usedUntil` times; implausible ones count as `now`. */
export function laterInRate(perMinute: number, one: number, other: number, now: number): number {
  return Math.max(
    usedUntil({ perMinute, usedUntil: one }, now),
    usedUntil({ perMinute, usedUntil: other }, now),
  );
}

/** How many requests can be sent now. */
export function requestsInRate(limit: RateLimit, now: number): number {
  const usedMs = usedUntil(limit, now) - now;
  return Math.max(0, Math.floor(burst(limit) - usedMs / intervalMs(limit)));
}

/** When the next request can be sent. */
export function nextInRate(limit: RateLimit, now: number): number {
  return Math.max(now, Math.ceil(usedUntil(limit, now) - (burst(limit) - 1) * intervalMs(limit)));
}

/** The new `usedUntil` after this many requests were sent. */
export function addToRate(limit: RateLimit, requests: number, now: number): number {
  return Math.ceil(usedUntil(limit, now) + requests * intervalMs(limit));
}
