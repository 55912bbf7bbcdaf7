import { plausibleDeadline } from "./stored-deadline.ts";

const MINUTE_MS = 60_000;
const SECONDS_A_MINUTE = 60;

/**
 * A limit of requests per minute, spread evenly, of which a second's worth may leave immediately (the generic cell rate
 * algorithm, ITU-T I.371). `takenUntil` is its theoretical arrival time: the time up to which the rate is used up.
 * All times are epoch milliseconds.
 */
export type RateLimit = { readonly perMinute: number; readonly takenUntil: number };

function intervalMs({ perMinute }: RateLimit): number {
  return MINUTE_MS / perMinute;
}

function burst({ perMinute }: RateLimit): number {
  return Math.max(1, Math.floor(perMinute / SECONDS_A_MINUTE));
}

/** Never further ahead than a burst and one more take; else a clock that was set back since has written it. */
function takenUntil(limit: RateLimit, now: number): number {
  const aheadMaxMs = (burst(limit) + 1) * intervalMs(limit);
  return Math.max(now, plausibleDeadline(limit.takenUntil, aheadMaxMs, now) ?? now);
}

/** No plausible `takenUntil` is further ahead, whatever the limit: two minutes for one request per minute. */
export const RATE_AHEAD_MAX_MS = 2 * MINUTE_MS;

/** Of two times up to which the rate is used up, the one to go by. */
export function laterInRate(perMinute: number, one: number, other: number, now: number): number {
  return Math.max(
    takenUntil({ perMinute, takenUntil: one }, now),
    takenUntil({ perMinute, takenUntil: other }, now),
  );
}

/** How many requests may leave now. */
export function roomInRate(limit: RateLimit, now: number): number {
  const usedMs = takenUntil(limit, now) - now;
  return Math.max(0, Math.floor(burst(limit) - usedMs / intervalMs(limit)));
}

/** When one more may leave. */
export function nextInRate(limit: RateLimit, now: number): number {
  return Math.max(now, Math.ceil(takenUntil(limit, now) - (burst(limit) - 1) * intervalMs(limit)));
}

/** The new `takenUntil` once so many have left. */
export function takeFromRate(limit: RateLimit, requests: number, now: number): number {
  return Math.ceil(takenUntil(limit, now) + requests * intervalMs(limit));
}
