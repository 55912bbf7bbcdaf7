import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { holdOf, type SendState, type WaitingDelivery } from "./delivery-hold.ts";

const NOW = 1_700_000_000_000;
const SECOND = 1000;

const IDLE: SendState = {
  status: "connected",
  breaker: { probeAt: null, probeDelayMs: null },
  hold: { until: null, lengthMs: null },
  isOrdered: false,
  rateLimitPerMinute: null,
  rateUsedUntil: 0,
};
const DUE: WaitingDelivery = { status: "pending", attemptCount: 0, nextAttemptAt: NOW, isSending: false };
const LATER: WaitingDelivery = { ...DUE, attemptCount: 1, nextAttemptAt: NOW + 60 * SECOND };

const OPEN = { probeAt: NOW + 28 * SECOND, probeDelayMs: 32 * SECOND };
const HELD = { until: NOW + 90 * SECOND, lengthMs: 90 * SECOND };

describe("the reason why a delivery is not sent", () => {
  const hold = (queue: Partial<SendState>, delivery: Partial<WaitingDelivery> = {}) =>
    holdOf({ ...DUE, ...delivery }, { ...IDLE, ...queue }, NOW);

  it("is null once it has ended, and while it is being sent", () => {
    for (const status of ["delivered", "failed", "cancelled"] as const) {
      assert.equal(hold({ status: "paused", breaker: OPEN }, { status }), null);
    }
    assert.equal(hold({ status: "paused", breaker: OPEN }, { isSending: true }), null);
  });

  it("is the paused connection, even while it waits for its retry", () => {
    const paused = { reason: "connection_paused", until: null };
    assert.deepEqual(hold({ status: "paused", breaker: OPEN }), paused);
    assert.deepEqual(hold({ status: "paused" }, LATER), paused);
    assert.deepEqual(hold({ status: "disconnected" }), paused);
  });

  it("is the circuit breaker, until the next probe", () => {
    assert.deepEqual(hold({ breaker: OPEN }), { reason: "receiver_failing", until: OPEN.probeAt });
    const halfOpen = { probeAt: NOW - SECOND, probeDelayMs: SECOND };
    assert.deepEqual(hold({ breaker: halfOpen }), { reason: "receiver_failing", until: null });
    assert.equal(hold({ breaker: OPEN }, LATER), null, "its own retry comes later");
    assert.equal(hold({ breaker: halfOpen }, LATER), null);
    const soon = { ...LATER, nextAttemptAt: NOW + SECOND };
    assert.deepEqual(hold({ breaker: OPEN }, soon), { reason: "receiver_failing", until: OPEN.probeAt });
  });

  it("is a Retry-After pause that outlasts its own retry", () => {
    assert.deepEqual(hold({ hold: HELD }), { reason: "retry_after", until: HELD.until });
    assert.deepEqual(hold({ hold: HELD }, LATER), { reason: "retry_after", until: HELD.until });
    assert.equal(hold({ hold: HELD }, { ...LATER, nextAttemptAt: NOW + 120 * SECOND }), null);
  });

  it("is the retry of the head of a queue in strict order, but not for the head itself", () => {
    const ordered = { isOrdered: true, hold: HELD };
    assert.deepEqual(hold(ordered), { reason: "order", until: HELD.until });
    assert.equal(hold(ordered, { attemptCount: 1 }), null);
    assert.deepEqual(hold({ isOrdered: true }), { reason: "order", until: null });
  });

  it("is the rate limit, otherwise its turn in the queue", () => {
    const rate = { rateLimitPerMinute: 60, rateUsedUntil: NOW + SECOND };
    assert.deepEqual(hold(rate), { reason: "rate_limit", until: NOW + SECOND });
    assert.deepEqual(hold({ ...rate, rateUsedUntil: 0 }), { reason: "queue", until: null });
    assert.deepEqual(hold({}), { reason: "queue", until: null });
    assert.equal(hold({}, LATER), null);
  });

  it("is never a deadline from before the clock was set back", () => {
    const far = NOW + 400 * 24 * 60 * 60 * SECOND;
    assert.deepEqual(hold({ hold: { until: far, lengthMs: SECOND } }), { reason: "queue", until: null });
  });
});
