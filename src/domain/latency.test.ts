import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { LATENCY_BOUNDS_MS, LATENCY_CLASSES, latencyClass, latencyQuantile } from "./latency.ts";

function counts(durations: readonly number[]): number[] {
  const counted = Array.from({ length: LATENCY_CLASSES }, () => 0);
  for (const duration of durations)
    counted[latencyClass(duration)] = (counted[latencyClass(duration)] ?? 0) + 1;
  return counted;
}

describe("a latency class", () => {
  it("includes its upper bound", () => {
    assert.deepEqual([0, 10, 11, 25, 15_000, 15_001, 60_001].map(latencyClass), [0, 0, 1, 1, 10, 11, 14]);
  });
});

describe("a quantile of durations", () => {
  it("is null without durations", () => {
    assert.equal(latencyQuantile(counts([]), 0.5), null);
  });

  it("is interpolated within its class", () => {
    const evenly = Array.from({ length: 100 }, (_, index) => 101 + Math.floor((index * 149) / 99));
    assert.equal(latencyQuantile(counts(evenly), 0.5), 175);
    assert.equal(latencyQuantile(counts([5, 5, 5, 2000]), 0.95), 2200);
  });

  it("is the last bound for longer durations", () => {
    assert.equal(latencyQuantile(counts([70_000, 80_000]), 0.5), LATENCY_BOUNDS_MS.at(-1));
  });

  it("is the default timeout for requests that it cut off", () => {
    const median = latencyQuantile(counts([15_002, 15_010, 15_040]), 0.5) ?? 0;
    assert.ok(median >= 15_000 && median <= 15_500, String(median));
  });

  it("is off by at most the width of its class", () => {
    const durations = [3, 8, 40, 41, 90, 120, 260, 700, 3000, 9000];
    for (const part of [0.1, 0.5, 0.9, 0.95, 1]) {
      const exact = durations[Math.ceil(part * durations.length) - 1] ?? 0;
      assert.equal(
        latencyClass(latencyQuantile(counts(durations), part) ?? -1),
        latencyClass(exact),
        `${part}`,
      );
    }
  });
});
