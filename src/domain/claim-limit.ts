import { type CircuitBreaker, openUntil } from "./circuit-breaker.ts";
import type { ConnectionStatus } from "./connection.ts";
import { type ConnectionHold, heldUntil } from "./connection-hold.ts";
import { nextInRate, requestsInRate } from "./rate-limit.ts";

/** The state that decides how much of a connection's queue can be sent now. Times are epoch milliseconds. */
export type ClaimState = {
  readonly status: ConnectionStatus;
  readonly breaker: Omit<CircuitBreaker, "receiverFaults">;
  readonly hold: ConnectionHold;
  readonly rateLimitPerMinute: number | null;
  readonly rateUsedUntil: number;
};

/** How many deliveries to take, and when to look again if only time lifts the limit. */
export type ClaimLimit = { readonly limit: number; readonly lookAgainAt: number | null };

/**
 * How many of the `wanted` deliveries of a connection can be taken now. `buffered` counts those already in progress. While
 * its circuit breaker is half-open, a receiver gets one request at a time.
 */
export function claimLimit(state: ClaimState, wanted: number, buffered: number, now: number): ClaimLimit {
  if (state.status !== "connected") return { limit: 0, lookAgainAt: null };
  const waitsUntil = heldUntil(state.hold, now) ?? openUntil(state.breaker, now);
  if (waitsUntil !== null) return { limit: 0, lookAgainAt: waitsUntil };
  if (state.breaker.probeAt !== null) {
    return { limit: buffered === 0 ? Math.min(1, wanted) : 0, lookAgainAt: null };
  }
  if (state.rateLimitPerMinute === null) return { limit: wanted, lookAgainAt: null };
  const rate = { perMinute: state.rateLimitPerMinute, usedUntil: state.rateUsedUntil };
  const capacity = requestsInRate(rate, now);
  if (capacity >= wanted) return { limit: wanted, lookAgainAt: null };
  return { limit: capacity, lookAgainAt: capacity > 0 ? now + 1 : nextInRate(rate, now) };
}
