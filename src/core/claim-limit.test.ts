import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type ClaimState, claimLimit } from "./claim-limit.ts";

const NOW = 1_000_000;
const fine: ClaimState = {
  status: "connected",
  health: "healthy",
  probeAt: null,
  holdUntil: null,
  rateLimitPerMinute: null,
  rateTakenUntil: 0,
};

const limit = (state: Partial<ClaimState>, wanted = 10, held = 0) =>
  claimLimit({ ...fine, ...state }, wanted, held, NOW);

describe("claimLimit", () => {
  it("gives what is wanted where nothing is against it", () => {
    assert.deepEqual(limit({}), { limit: 10, lookAgainAt: null });
    assert.deepEqual(limit({ health: "unknown" }), { limit: 10, lookAgainAt: null });
  });

  it("gives nothing of a connection that is not connected", () => {
    for (const status of ["paused", "disconnected"] as const) {
      assert.deepEqual(limit({ status }), { limit: 0, lookAgainAt: null });
    }
  });

  it("waits as long as the connection is held", () => {
    assert.deepEqual(limit({ holdUntil: NOW + 5 }), { limit: 0, lookAgainAt: NOW + 5 });
    assert.deepEqual(limit({ holdUntil: NOW }), { limit: 10, lookAgainAt: null });
  });

  it("probes a failing receiver with one request at a time, and not before it may", () => {
    assert.deepEqual(limit({ health: "unhealthy", probeAt: NOW + 5 }), { limit: 0, lookAgainAt: NOW + 5 });
    assert.deepEqual(limit({ health: "unhealthy", probeAt: NOW }), { limit: 1, lookAgainAt: null });
    assert.deepEqual(limit({ health: "unhealthy", probeAt: null }, 10, 1), { limit: 0, lookAgainAt: null });
  });

  it("keeps to the rate, and says when more may leave", () => {
    assert.deepEqual(limit({ rateLimitPerMinute: 300 }), { limit: 5, lookAgainAt: NOW + 1 });
    assert.deepEqual(limit({ rateLimitPerMinute: 300 }, 3), { limit: 3, lookAgainAt: null });
    assert.deepEqual(limit({ rateLimitPerMinute: 60, rateTakenUntil: NOW + 700 }), {
      limit: 0,
      lookAgainAt: NOW + 700,
    });
  });
});
