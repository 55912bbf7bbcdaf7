import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { nextAttemptAt, RETRY_DELAYS_MS } from "./retry-schedule.ts";

const NOW = Date.UTC(2026, 5, 6);
const SECOND_MS = 1000;
const HOUR_MS = 3_600_000;
const ATTEMPTS = RETRY_DELAYS_MS.length + 1;

/** The wait in seconds after an attempt. */
function waitAfter(
  attemptNumber: number,
  retryAfterSeconds: number | null = null,
  random = 0.5,
): number | null {
  const at = nextAttemptAt({ attemptNumber, finishedAt: NOW, retryAfterSeconds, random });
  return at === null ? null : (at - NOW) / SECOND_MS;
}

suite("the retry schedule", () => {
  const WAITS = [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400, null, null];
  for (const [index, seconds] of WAITS.entries()) {
    test(`after attempt ${index + 1} ${seconds === null ? "is used up" : `waits ${seconds} s`}`, () => {
      assert.equal(waitAfter(index + 1), seconds);
    });
  }

  test("spreads each wait by up to a fifth in both directions", () => {
    assert.equal(waitAfter(1, null, 0), 4);
    assert.equal(waitAfter(1, null, 0.75), 5.5);
    assert.equal(waitAfter(1, null, 1), 6);
    assert.equal(waitAfter(9, null, 0), 86_400 * 0.8);
  });

  const RETRY_AFTER: readonly [attempt: number, asked: number, waits: number | null][] = [
    [1, 0, 5],
    [1, 4, 5],
    [1, 120, 120],
    [4, 120, 7200],
    [1, 86_400, 86_400],
    [1, 86_401, 86_400],
    [1, 999_999_999, 86_400],
    [10, 120, null],
  ];
  for (const [attempt, asked, waits] of RETRY_AFTER) {
    test(`after attempt ${attempt} and a Retry-After of ${asked} s ${waits === null ? "is used up" : `waits ${waits} s`}`, () => {
      assert.equal(waitAfter(attempt, asked), waits);
    });
  }

  test("is never sooner than a Retry-After of up to a day, nor later than a day and its jitter", () => {
    const failed = fc.record({
      attemptNumber: fc.integer({ min: 1, max: ATTEMPTS - 1 }),
      finishedAt: fc.integer({ min: 0, max: 4e12 }),
      retryAfterSeconds: fc.option(fc.nat(999_999_999)),
      random: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(failed, (attempt) => {
        const at = nextAttemptAt(attempt);
        assert.ok(at !== null && Number.isInteger(at), String(at));
        const wait = at - attempt.finishedAt;
        const delay = RETRY_DELAYS_MS[attempt.attemptNumber - 1] ?? 0;
        assert.ok(wait >= delay * 0.8 - 1);
        assert.ok(wait >= Math.min((attempt.retryAfterSeconds ?? 0) * SECOND_MS, 24 * HOUR_MS));
        assert.ok(wait <= 28.8 * HOUR_MS);
      }),
    );
  });
});
