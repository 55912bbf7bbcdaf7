import assert from "node:assert/strict";
import { test } from "node:test";
import { nextTryWords } from "./failing-words.ts";

const now = Date.parse("2026-06-06T22:30:00.000Z");
const failing = {
  state: "failing",
  state_since: "2026-06-06T22:04:00.000Z",
  next_attempt_at: "2026-06-06T22:30:28.000Z",
  pending_count: 164,
} as const;

test("says how often a failing receiver is probed, and when the next probe is", () => {
  assert.equal(nextTryWords(failing, now), "One probe per minute, next in 28 s.");
  const fresh = { ...failing, state_since: "2026-06-06T22:29:50.000Z" };
  assert.equal(nextTryWords(fresh, now), "One probe at a time, next in 28 s.");
  assert.equal(nextTryWords(failing, now + 60_000), "One probe per minute, next one due now.");
});

test("promises no probe when nothing is pending or none is planned", () => {
  assert.match(nextTryWords({ ...failing, pending_count: 0 }, now) ?? "", /^Nothing is waiting/);
  assert.match(nextTryWords({ ...failing, next_attempt_at: null }, now) ?? "", /own schedule/);
  assert.equal(nextTryWords({ ...failing, state: "ok" }, now), null);
});

test("says when a Retry-After pause ends", () => {
  const held = { ...failing, state: "held", next_attempt_at: "2026-06-06T22:34:10.000Z" } as const;
  assert.equal(nextTryWords(held, now), "Sending resumes in 4 min 10 s.");
  assert.equal(nextTryWords(held, now + 600_000), "Sending resumes in a moment.");
});
