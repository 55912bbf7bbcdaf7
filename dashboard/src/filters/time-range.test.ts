import assert from "node:assert/strict";
import { test } from "node:test";
import { boundsOf, fromMomentInput, readTimeRange, toMomentInput } from "./time-range.ts";

const now = Date.parse("2026-06-06T12:00:00.000Z");

test("a named range moves with the clock", () => {
  const range = readTimeRange({ range: "24h", from: "2026-01-01T00:00:00.000Z" });
  assert.deepEqual(boundsOf(range, now), { from: "2026-06-05T12:00:00.000Z" });
});

test("a fixed range does not move, and either end can be open", () => {
  const range = readTimeRange({ from: "2026-06-01T00:00:00+02:00", before: "soon" });
  assert.deepEqual(boundsOf(range, now), { from: "2026-05-31T22:00:00.000Z" });
  assert.deepEqual(boundsOf(readTimeRange({}), now), {});
});

test("a time survives the round trip through an input, to the minute", () => {
  const moment = "2026-06-06T12:34:00.000Z";
  for (const zone of ["local", "utc"] as const) {
    assert.equal(fromMomentInput(toMomentInput(moment, zone), zone), moment);
    assert.equal(fromMomentInput("", zone), undefined);
  }
  assert.equal(toMomentInput(moment, "utc"), "2026-06-06T12:34");
});
