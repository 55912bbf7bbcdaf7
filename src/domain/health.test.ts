import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { type Health, healthAfter } from "./health.ts";

type Attempt = Parameters<typeof healthAfter>[1];

const OK: Attempt = { fault: "none", isTest: false };
const TEST_OK: Attempt = { fault: "none", isTest: true };
const FAILED: Attempt = { fault: "receiver", isTest: false };
const REJECTED: Attempt = { fault: "message", isTest: false };
const TEST_FAILED: Attempt = { fault: "receiver", isTest: true };
const OURS: Attempt = { fault: "ours", isTest: false };
const TEST_OURS: Attempt = { fault: "ours", isTest: true };

suite("health", () => {
  const ROWS = [
    ["unknown", 0, OK, "healthy", 0],
    ["healthy", 0, OK, "healthy", 0],
    ["unhealthy", 7, OK, "healthy", 0],
    ["unhealthy", 7, TEST_OK, "healthy", 0],
    ["unknown", 0, FAILED, "unknown", 1],
    ["healthy", 0, FAILED, "healthy", 1],
    ["healthy", 1, FAILED, "healthy", 2],
    ["healthy", 2, FAILED, "unhealthy", 3],
    ["unknown", 2, FAILED, "unhealthy", 3],
    ["unhealthy", 3, FAILED, "unhealthy", 4],
    ["unhealthy", 1, FAILED, "unhealthy", 2],
    ["healthy", 0, TEST_FAILED, "unhealthy", 1],
    ["unknown", 0, TEST_FAILED, "unhealthy", 1],
    ["healthy", 2, REJECTED, "unhealthy", 3],
    ["healthy", 2, OURS, "healthy", 2],
    ["unhealthy", 3, OURS, "unhealthy", 3],
    ["healthy", 0, TEST_OURS, "healthy", 0],
  ] as const satisfies readonly (readonly [Health, number, Attempt, Health, number])[];

  for (const [health, failures, attempt, next, nextFailures] of ROWS) {
    const what = `${attempt.isTest ? "a test" : "an event"} with a fault of: ${attempt.fault}`;
    test(`${health} with ${failures} failures becomes ${next} after ${what}`, () => {
      assert.deepEqual(healthAfter({ health, consecutiveFailures: failures }, attempt), {
        health: next,
        consecutiveFailures: nextFailures,
      });
    });
  }
});
