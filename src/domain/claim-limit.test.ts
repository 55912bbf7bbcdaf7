import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type ClaimState, claimLimit } from "./claim-limit.ts";

const NOW = 1_000_000;
const HOUR = 3_600_000;
const fine: ClaimState = {
  status: "connected",
  breaker: { probeAt: null, probeDelayMs: null },
  hold: { until: null, lengthMs: null },
  rateLimitPerMinute: null,
  rateUsedUntil: 0,
};

const limit = (state: Partial<ClaimState>, wanted = 10, buffered = 0) =>
  claimLimit({ ...fine, ...state }, wanted, buffered, NOW);

describe("claimLimit", () => {
  it("allows all wanted deliveries when nothing limits them", () => {
    assert.deepEqual(limit({}), { limit: 10, lookAgainAt: null });
  });

  it("allows none for a connection that is not connected", () => {
    for (const status of ["paused", "disconnected"] as const) {
      assert.deepEqual(limit({ status }), { limit: 0, lookAgainAt: null });
    }
  });

  it("waits until the connection's hold ends", () => {
    const buffered = (until: number) => limit({ hold: { until, lengthMs: 10 } });
    assert.deepEqual(buffered(NOW + 5), { limit: 0, lookAgainAt: NOW + 5 });
    assert.deepEqual(buffered(NOW), { limit: 10, lookAgainAt: null });
    assert.deepEqual(
      buffered(NOW + HOUR),
      { limit: 10, lookAgainAt: null },
      "the clock has been set back since",
    );
  });

  it("allows none while the breaker is open, and one request at a time while it is half-open", () => {
    const probed = (probeAt: number, buffered = 0) =>
      limit({ breaker: { probeAt, probeDelayMs: 1000 } }, 10, buffered);
    assert.deepEqual(probed(NOW + 5), { limit: 0, lookAgainAt: NOW + 5 });
    assert.deepEqual(probed(NOW), { limit: 1, lookAgainAt: null });
    assert.deepEqual(probed(NOW, 1), { limit: 0, lookAgainAt: null });
    assert.deepEqual(
      probed(NOW + HOUR),
      { limit: 1, lookAgainAt: null },
      "the clock has been set back since",
    );
  });

  it("keeps to the rate limit, and says when more can be sent", () => {
    assert.deepEqual(limit({ rateLimitPerMinute: 300 }), { limit: 5, lookAgainAt: NOW + 1 });
    assert.deepEqual(limit({ rateLimitPerMinute: 300 }, 3), { limit: 3, lookAgainAt: null });
    assert.deepEqual(limit({ rateLimitPerMinute: 60, rateUsedUntil: NOW + 700 }), {
      limit: 0,
      lookAgainAt: NOW + 700,
    });
    assert.deepEqual(limit({ rateLimitPerMinute: 60, rateUsedUntil: NOW + HOUR }, 2), {
      limit: 1,
      lookAgainAt: NOW + 1,
    });
  });
});
