import assert from "node:assert/strict";
import { test } from "node:test";
import { pastTime } from "./since.ts";

const now = Date.parse("2026-06-06T23:30:00.000Z");

test("shows the time for today, the date for this year, and the year for others", () => {
  assert.equal(pastTime(new Date("2026-06-06T22:04:59.000Z"), now, "utc"), "22:04 UTC");
  assert.equal(pastTime(new Date("2026-06-05T23:59:00.000Z"), now, "utc"), "Jun 5, 23:59 UTC");
  assert.equal(pastTime(new Date("2025-12-31T23:59:00.000Z"), now, "utc"), "Dec 31, 2025");
});
