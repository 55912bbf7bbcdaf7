import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { type Health, healthAfter } from "./health.ts";

const OK = { ok: true, isTest: false };
const FAILED = { ok: false, isTest: false };
const TEST_FAILED = { ok: false, isTest: true };

suite("health", () => {
  const ROWS = [
    ["unknown", 0, OK, "healthy", 0],
    ["healthy", 0, OK, "healthy", 0],
    ["unhealthy", 7, OK, "healthy", 0],
    ["unhealthy", 7, { ok: true, isTest: true }, "healthy", 0],
    ["unknown", 0, FAILED, "unknown", 1],
    ["healthy", 0, FAILED, "healthy", 1],
    ["healthy", 1, FAILED, "healthy", 2],
    ["healthy", 2, FAILED, "unhealthy", 3],
    ["unknown", 2, FAILED, "unhealthy", 3],
    ["unhealthy", 3, FAILED, "unhealthy", 4],
    ["unhealthy", 1, FAILED, "unhealthy", 2],
    ["healthy", 0, TEST_FAILED, "unhealthy", 1],
    ["unknown", 0, TEST_FAILED, "unhealthy", 1],
  ] as const satisfies readonly (readonly [Health, number, typeof OK, Health, number])[];

  for (const [health, failures, attempt, next, nextFailures] of ROWS) {
    const what = `${attempt.isTest ? "a test" : "an event"} that ${attempt.ok ? "succeeds" : "fails"}`;
    test(`${health} with ${failures} failures becomes ${next} after ${what}`, () => {
      assert.deepEqual(healthAfter({ health, consecutiveFailures: failures }, attempt), {
        health: next,
        consecutiveFailures: nextFailures,
      });
    });
  }
});
