import assert from "node:assert/strict";
import { test } from "node:test";
import { eventsChange, latencyChange, percentWords, rateChange } from "./compare.ts";

const figures = { attempts: 1000, delivered: 990, events: 800, p50_ms: 40, p95_ms: 200 };
const compared = { now: figures, before: figures, passed: 1 };

test("counts are compared per time, because the current range is not over yet", () => {
  assert.equal(eventsChange(compared), "as many as");
  const half = { ...figures, events: 400 };
  assert.equal(eventsChange({ now: half, before: figures, passed: 0.5 }), "as many as");
  assert.equal(eventsChange({ now: half, before: figures, passed: 1 }), "50 % fewer than");
  assert.equal(eventsChange({ ...compared, now: { ...figures, events: 824 } }), "3.0 % more than");
  assert.equal(eventsChange({ ...compared, now: { ...figures, events: 16_000 } }), "20 times as many as");
  assert.equal(eventsChange({ ...compared, before: { ...figures, events: 0 } }), null);
});

test("rates and latencies are compared directly", () => {
  assert.equal(rateChange({ ...compared, now: { ...figures, delivered: 977 } }), "1.3 points lower than");
  assert.equal(rateChange(compared), "the same as");
  assert.equal(rateChange({ ...compared, before: { ...figures, attempts: 0, delivered: 0 } }), null);
  assert.equal(
    latencyChange({ ...compared, now: { ...figures, p95_ms: 240 } }, "p95_ms"),
    "40 ms slower than",
  );
  assert.equal(latencyChange({ ...compared, now: { ...figures, p50_ms: 39 } }, "p50_ms"), "1 ms faster than");
  assert.equal(latencyChange({ ...compared, now: { ...figures, p50_ms: null } }, "p50_ms"), null);
});

test("a share rounds to 100 % only if nothing failed", () => {
  assert.equal(percentWords(1), "100 %");
  assert.equal(percentWords(0.999999), "99.99 %");
  assert.equal(percentWords(0.9921), "99.21 %");
  assert.equal(percentWords(0.8), "80.0 %");
  assert.equal(percentWords(0), "0.0 %");
  assert.equal(percentWords(null), "–");
});
