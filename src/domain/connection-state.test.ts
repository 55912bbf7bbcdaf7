import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { type ConnectionFacts, connectionState, IDLE_AFTER_MS } from "./connection-state.ts";

const NOW = Date.UTC(2026, 5, 6, 12);

const FACTS: ConnectionFacts = {
  status: "connected",
  statusSince: null,
  receiver: { health: "healthy", failingSince: null, probeAt: null, probeDelayMs: null },
  hold: { until: null, lengthMs: null },
  lastActiveAt: NOW - 1000,
};

const FAILING = {
  health: "healthy",
  failingSince: NOW - 90_000,
  probeAt: NOW + 28_000,
  probeDelayMs: 60_000,
} as const;
const HELD = { until: NOW + 5000, lengthMs: 9000 };

function stateOf(facts: Partial<ConnectionFacts>) {
  return connectionState({ ...FACTS, ...facts }, NOW);
}

suite("the state of a connection", () => {
  test("is ok while attempts succeed", () => {
    assert.deepEqual(stateOf({}), { state: "ok", since: null, nextAttemptAt: null });
  });

  test("stays ok after a single failure", () => {
    const receiver = { health: "healthy", failingSince: NOW, probeAt: null, probeDelayMs: null } as const;
    assert.equal(stateOf({ receiver }).state, "ok");
  });

  test("is failing while the circuit breaker is open, since the first failure", () => {
    assert.deepEqual(stateOf({ receiver: FAILING }), {
      state: "failing",
      since: NOW - 90_000,
      nextAttemptAt: NOW + 28_000,
    });
  });

  test("is failing while the circuit breaker is half-open, with nothing to wait for", () => {
    const probed = stateOf({ receiver: { ...FAILING, probeAt: NOW - 1 } });
    assert.deepEqual(probed, { state: "failing", since: NOW - 90_000, nextAttemptAt: null });
  });

  test("is failing when a reachable receiver rejects everything", () => {
    const receiver = { ...FAILING, health: "unhealthy", probeAt: null, probeDelayMs: null } as const;
    assert.deepEqual(stateOf({ receiver }), { state: "failing", since: NOW - 90_000, nextAttemptAt: null });
  });

  test("is failing rather than held, and waits for the later of the two times", () => {
    const until = NOW + 300_000;
    const both = stateOf({ receiver: FAILING, hold: { until, lengthMs: 300_000 } });
    assert.deepEqual(both, { state: "failing", since: NOW - 90_000, nextAttemptAt: until });
  });

  test("is held during a Retry-After pause, from its beginning", () => {
    const held = { state: "held", since: NOW - 4000, nextAttemptAt: NOW + 5000 };
    assert.deepEqual(stateOf({ hold: HELD }), held);
    assert.equal(stateOf({ hold: { until: NOW, lengthMs: 9000 } }).state, "ok");
  });

  test("ignores a deadline from before the clock was set back", () => {
    const far = { until: NOW + 400 * 24 * 3_600_000, lengthMs: 9000 };
    assert.equal(stateOf({ hold: far }).state, "ok");
  });

  test("is idle after a day without an attempt", () => {
    const lastActiveAt = NOW - IDLE_AFTER_MS;
    assert.deepEqual(stateOf({ lastActiveAt }), { state: "idle", since: lastActiveAt, nextAttemptAt: null });
    assert.equal(stateOf({ lastActiveAt: lastActiveAt + 1 }).state, "ok");
  });

  for (const status of ["paused", "disconnected"] as const) {
    test(`is ${status} whatever its receiver did`, () => {
      const stopped = stateOf({ status, statusSince: NOW - 10, receiver: FAILING, hold: HELD });
      assert.deepEqual(stopped, { state: status, since: NOW - 10, nextAttemptAt: null });
    });
  }
});
