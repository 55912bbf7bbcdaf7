import { type CircuitBreaker, openUntil } from "./circuit-breaker.ts";
import type { ConnectionStatus } from "./connection.ts";
import { type ConnectionHold, heldUntil } from "./connection-hold.ts";
import type { DeliveryStatus } from "./delivery.ts";
import { nextInRate } from "./rate-limit.ts";

export const HOLD_REASONS = [
  "connection_paused",
  "receiver_failing",
  "retry_after",
  "rate_limit",
  "order",
  "queue",
] as const;
type HoldReason = (typeof HOLD_REASONS)[number];

/** Why a pending delivery is not sent now, and until when if that is known. Times are epoch milliseconds. */
export type DeliveryHold = { readonly reason: HoldReason; readonly until: number | null };

/** The state of a connection that decides whether its deliveries can be sent. */
export type SendState = {
  readonly status: ConnectionStatus;
  readonly breaker: Omit<CircuitBreaker, "receiverFaults">;
  readonly hold: ConnectionHold;
  readonly isOrdered: boolean;
  readonly rateLimitPerMinute: number | null;
  readonly rateUsedUntil: number;
};

/** The state of a delivery that decides what it waits for. */
export type WaitingDelivery = {
  readonly status: DeliveryStatus;
  readonly attemptCount: number;
  readonly nextAttemptAt: number | null;
  readonly isSending: boolean;
};

/**
 * The reason why a pending delivery is not sent. Null for a delivery that has ended, is being sent, or waits only for
 * its own retry.
 */
export function holdOf(delivery: WaitingDelivery, queue: SendState, now: number): DeliveryHold | null {
  const { status, attemptCount, nextAttemptAt, isSending } = delivery;
  if (status !== "pending" || isSending) return null;
  if (queue.status !== "connected") return { reason: "connection_paused", until: null };
  const ownAt = Math.max(nextAttemptAt ?? now, now);
  const holdUntil = heldUntil(queue.hold, now);
  // In strict order only the head of the queue has attempts, and the connection waits for its retry.
  if (queue.isOrdered && holdUntil !== null) {
    return attemptCount > 0 ? null : { reason: "order", until: holdUntil };
  }
  if (holdUntil !== null && holdUntil > ownAt) return { reason: "retry_after", until: holdUntil };
  if (queue.breaker.probeAt !== null) {
    const openTo = openUntil(queue.breaker, now);
    if (ownAt <= now || (openTo ?? 0) > ownAt) return { reason: "receiver_failing", until: openTo };
  }
  if (ownAt > now) return null;
  const rateAt = nextInRateOf(queue, now);
  if (rateAt > now) return { reason: "rate_limit", until: rateAt };
  return { reason: queue.isOrdered ? "order" : "queue", until: null };
}

function nextInRateOf({ rateLimitPerMinute, rateUsedUntil }: SendState, now: number): number {
  if (rateLimitPerMinute === null) return now;
  return nextInRate({ perMinute: rateLimitPerMinute, usedUntil: rateUsedUntil }, now);
}
