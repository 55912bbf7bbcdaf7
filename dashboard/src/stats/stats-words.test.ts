import assert from "node:assert/strict";
import { test } from "node:test";
import type { DeliveryStats } from "../api/types.ts";
import { statsWords } from "./stats-words.ts";

const now = Date.parse("2026-06-06T12:00:00.000Z");
const stats: DeliveryStats = {
  from: "2026-06-05T12:00:00.000Z",
  to: "2026-06-06T12:00:00.000Z",
  hours: [],
  delivered: 118,
  failed: 3,
  p95_ms: 240,
  last_failure_at: "2026-06-06T10:00:00.000Z",
  silence: null,
};

test("says how many were delivered, how fast, and when one last failed", () => {
  assert.equal(statsWords(stats, now), "118 of 121 delivered, p95 240 ms, last failure 2 hr. ago");
});

test("leaves out missing figures", () => {
  const flawless = { ...stats, delivered: 1204, failed: 0, last_failure_at: null, p95_ms: null };
  assert.equal(statsWords(flawless, now), "1,204 of 1,204 delivered");
  assert.equal(statsWords({ ...flawless, delivered: 0 }, now), "Nothing was sent in the last 24 hours");
});
