import assert from "node:assert/strict";
import { test } from "node:test";
import { rangeParams } from "./chart-range.ts";

const now = Date.parse("2026-06-06T12:34:56.000Z");

test("a range ends with the current interval, and the range before has as many intervals", () => {
  assert.deepEqual(rangeParams({ range: "24h" }, now), {
    from: "2026-06-05T13:00:00.000Z",
    interval: "hour",
  });
  assert.deepEqual(rangeParams({ range: "24h", isBefore: true }, now), {
    from: "2026-06-04T13:00:00.000Z",
    to: "2026-06-05T13:00:00.000Z",
    interval: "hour",
  });
  assert.deepEqual(rangeParams({ range: "1h" }, now), {
    from: "2026-06-06T11:35:00.000Z",
    interval: "minute",
  });
  assert.deepEqual(rangeParams({ range: "30d" }, now), { from: "2026-05-08T00:00:00.000Z", interval: "day" });
});

test("explicit start and end times are sent unchanged", () => {
  assert.deepEqual(rangeParams({ from: "2026-06-05T13:00:00.000Z", to: undefined }, now), {
    from: "2026-06-05T13:00:00.000Z",
  });
});
