import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { HOUR_MS } from "./statistics.ts";
import { chooseRange, type Range, type RangeFault, type RequestedRange } from "./statistics-range.ts";

const NOW = Date.UTC(2026, 5, 6, 8, 12, 30);
const DAY = 24 * HOUR_MS;

function choose(part: Partial<RequestedRange>) {
  const whole = { from: null, to: null, interval: null, groupBy: null, limit: 20, filteredBy: [], ...part };
  return chooseRange(whole, NOW);
}

function chosen(part: Partial<RequestedRange>): [string, string, string] {
  const { from, to, interval } = choose(part) as Range;
  return [new Date(from).toISOString(), new Date(to).toISOString(), interval];
}

function faults(part: Partial<RequestedRange>): string[] {
  return (choose(part) as readonly RangeFault[]).map(({ path, message }) => `${path}: ${message}`);
}

describe("the range of statistics", () => {
  it("is the last 24 hours per hour, from a full hour on, by default", () => {
    assert.deepEqual(chosen({}), ["2026-06-05T08:00:00.000Z", "2026-06-06T08:12:30.000Z", "hour"]);
  });

  it("has the interval that suits its length, and never ends in the future", () => {
    assert.equal(chosen({ from: NOW - HOUR_MS })[2], "minute");
    assert.equal(chosen({ from: NOW - 8 * DAY })[2], "day");
    assert.equal(chosen({ from: NOW - 60 * HOUR_MS, to: NOW - 59 * HOUR_MS })[2], "hour");
    assert.equal(chosen({ to: NOW + DAY })[1], new Date(NOW).toISOString());
  });

  it("ends after it begins", () => {
    for (const [from, to] of [
      [NOW, NOW],
      [NOW - 1, NOW - 2],
      [NOW + 1, NOW + DAY],
    ] as const)
      assert.deepEqual(faults({ from, to }), ["from: Must be before `to`, and in the past."]);
  });

  it("has minutes only for the last 48 hours, and not for combinations", () => {
    assert.equal(chosen({ from: NOW - 2 * DAY, interval: "minute" })[2], "minute");
    assert.deepEqual(faults({ from: NOW - 2 * DAY - 1, interval: "minute" }), [
      "from: Minutes are kept for 48 hours. Use a later time, or `interval=hour`.",
    ]);
    const combined = { from: NOW - HOUR_MS, filteredBy: ["connection"], groupBy: "event_type" } as const;
    assert.match(faults(combined)[0] ?? "", /^interval: Event types together/);
    assert.equal(chosen({ ...combined, interval: "hour" })[2], "hour");
  });

  it("has a bounded number of points", () => {
    assert.match(faults({ from: NOW - 500 * DAY })[0] ?? "", /^from: A range has at most 400 days/);
    assert.match(
      faults({ from: NOW - 200 * DAY, interval: "hour" })[0] ?? "",
      /^interval: The range has 4801/,
    );
    assert.match(faults({ from: NOW - 40 * DAY, groupBy: "cause" })[0] ?? "", /^from: With `group_by`/);
    const wide = { from: NOW - 31 * DAY, interval: "hour", groupBy: "cause", limit: 50 } as const;
    assert.match(
      faults(wide)[0] ?? "",
      /^limit: The range has 745 intervals, which leaves room for 40 groups/,
    );
    assert.equal(chosen({ ...wide, limit: 40 })[2], "hour");
  });
});
