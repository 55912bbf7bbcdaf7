import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import {
  breakerAfter,
  type CircuitBreaker,
  openUntil,
  PROBE_DELAY_MAX_MS,
  probeNow,
} from "./circuit-breaker.ts";
import type { Fault } from "./fault-of.ts";

const NOW = Date.UTC(2026, 5, 6);
const SECOND = 1000;
const HOUR = 3600 * SECOND;

const closed = (receiverFaults: number): CircuitBreaker => ({
  receiverFaults,
  probeAt: null,
  probeDelayMs: null,
});
/** An open breaker with its probe `inMs` from now. */
const open = (inMs: number, probeDelayMs: number, receiverFaults = 3): CircuitBreaker => ({
  receiverFaults,
  probeAt: NOW + inMs,
  probeDelayMs,
});

suite("the circuit breaker after an attempt", () => {
  const ROWS: readonly (readonly [
    what: string,
    before: CircuitBreaker,
    attempt: { fault: Fault; isTest?: boolean },
    after: CircuitBreaker,
  ])[] = [
    ["stays closed after one fault of the receiver", closed(0), { fault: "receiver" }, closed(1)],
    ["stays closed after two faults", closed(1), { fault: "receiver" }, closed(2)],
    ["opens after three faults", closed(2), { fault: "receiver" }, open(SECOND, SECOND)],
    ["resets its count after a rejected message", closed(2), { fault: "message" }, closed(0)],
    ["resets its count after a success", closed(2), { fault: "none" }, closed(0)],
    ["does not count a fault of ours", closed(2), { fault: "ours" }, closed(2)],
    ["does not count a failed test", closed(2), { fault: "receiver", isTest: true }, closed(2)],
    ["is not reset by a rejected test", closed(2), { fault: "message", isTest: true }, closed(2)],
    [
      "doubles the delay after a failed probe",
      open(0, SECOND),
      { fault: "receiver" },
      open(2 * SECOND, 2 * SECOND, 4),
    ],
    [
      "waits one minute at most",
      open(0, 32 * SECOND),
      { fault: "receiver" },
      open(60 * SECOND, 60 * SECOND, 4),
    ],
    [
      "does not wait longer after a burst of failures",
      open(500, SECOND),
      { fault: "receiver" },
      open(500, SECOND, 4),
    ],
    [
      "repeats a probe that failed through a fault of ours",
      open(0, 4 * SECOND),
      { fault: "ours" },
      open(4 * SECOND, 4 * SECOND),
    ],
    [
      "does not change after a fault of ours before the probe",
      open(500, SECOND),
      { fault: "ours" },
      open(500, SECOND),
    ],
    [
      "does not change after a failed test",
      open(0, SECOND),
      { fault: "receiver", isTest: true },
      open(0, SECOND),
    ],
    ["closes after a successful probe", open(0, SECOND), { fault: "none" }, closed(0)],
    ["closes after a successful test", open(500, SECOND), { fault: "none", isTest: true }, closed(0)],
    ["closes after a probe with a rejected message", open(0, SECOND), { fault: "message" }, closed(0)],
    [
      "counts as half-open after the clock was set back",
      open(HOUR, SECOND),
      { fault: "receiver" },
      open(2 * SECOND, 2 * SECOND, 4),
    ],
  ];
  for (const [what, before, { fault, isTest = false }, after] of ROWS) {
    test(what, () => assert.deepEqual(breakerAfter(before, { fault, isTest, finishedAt: NOW }), after));
  }

  test("never waits longer than a minute after an attempt, whatever happens", () => {
    const attempt = fc.record({
      fault: fc.constantFrom<Fault>("none", "receiver", "message", "ours"),
      isTest: fc.boolean(),
      /** Including steps of the clock. */
      afterMs: fc.integer({ min: -2 * HOUR, max: 2 * HOUR }),
    });
    fc.assert(
      fc.property(fc.array(attempt, { maxLength: 60 }), (attempts) => {
        let breaker = closed(0);
        let finishedAt = NOW;
        for (const { fault, isTest, afterMs } of attempts) {
          finishedAt += afterMs;
          breaker = breakerAfter(breaker, { fault, isTest, finishedAt });
          const until = openUntil(breaker, finishedAt);
          assert.ok(until === null || until - finishedAt <= PROBE_DELAY_MAX_MS + 20 * SECOND);
          assert.ok(breaker.probeAt !== null || breaker.receiverFaults < 3);
        }
      }),
    );
  });
});

suite("a circuit breaker", () => {
  const ROWS: readonly (readonly [what: string, breaker: CircuitBreaker, until: number | null])[] = [
    ["sends nothing before the probe", open(SECOND, SECOND), NOW + SECOND],
    ["is half-open when the probe is due", open(0, SECOND), null],
    ["does not wait while it is closed", closed(2), null],
    ["is half-open when its wait is longer than it was ever set", open(HOUR, SECOND), null],
    ["tolerates small clock differences", open(20 * SECOND, SECOND), NOW + 20 * SECOND],
  ];
  for (const [what, breaker, until] of ROWS) {
    test(what, () => assert.equal(openUntil(breaker, NOW), until));
  }

  test("becomes half-open when a person resumes the connection, unless it is closed", () => {
    assert.deepEqual(probeNow(open(SECOND, 60 * SECOND), NOW), { probeAt: NOW, probeDelayMs: SECOND });
    assert.deepEqual(probeNow(closed(1), NOW), { probeAt: null, probeDelayMs: null });
  });
});
