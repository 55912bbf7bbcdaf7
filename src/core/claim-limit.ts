import type { ConnectionStatus } from "./connection.ts";
import type { Health } from "./health.ts";
import { nextInRate, roomInRate } from "./rate-limit.ts";

/** What decides how much of a connection's queue may be sent now. Times are epoch milliseconds. */
export type ClaimState = {
  readonly status: ConnectionStatus;
  readonly health: Health;
  /** While the receiver fails: when it may be tried again. */
  readonly probeAt: number | null;
  /** Nothing leaves before: strict order waits for a retry, or the receiver asked for a rest. */
  readonly holdUntil: number | null;
  readonly rateLimitPerMinute: number | null;
  readonly rateTakenUntil: number;
};

/** How many deliveries to take; where something other than the queue sets the bound, when to look again. */
export type ClaimLimit = { readonly limit: number; readonly lookAgainAt: number | null };

/**
 * How many of the `wanted` deliveries of a connection may be claimed now. `held` are those under way already. A
 * receiver that fails is probed with one request at a time.
 */
export function claimLimit(state: ClaimState, wanted: number, held: number, now: number): ClaimLimit {
  if (state.status !== "connected") return { limit: 0, lookAgainAt: null };
  if (state.holdUntil !== null && state.holdUntil > now) return { limit: 0, lookAgainAt: state.holdUntil };
  if (state.health === "unhealthy") {
    if (state.probeAt !== null && state.probeAt > now) return { limit: 0, lookAgainAt: state.probeAt };
    return { limit: held === 0 ? Math.min(1, wanted) : 0, lookAgainAt: null };
  }
  if (state.rateLimitPerMinute === null) return { limit: wanted, lookAgainAt: null };
  const rate = { perMinute: state.rateLimitPerMinute, takenUntil: state.rateTakenUntil };
  const room = roomInRate(rate, now);
  if (room >= wanted) return { limit: wanted, lookAgainAt: null };
  return { limit: room, lookAgainAt: room > 0 ? now + 1 : nextInRate(rate, now) };
}
