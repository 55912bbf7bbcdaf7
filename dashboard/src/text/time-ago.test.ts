import assert from "node:assert/strict";
import { test } from "node:test";
import { absoluteTime, exactTime, searchedTime, timeAgo } from "./time-ago.ts";

const now = Date.parse("2026-06-06T12:00:00.000Z");
const at = (secondsAgo: number) => timeAgo(new Date(now - secondsAgo * 1000), now);

test("says just now for moments shortly before and after", () => {
  assert.equal(at(0), "just now");
  assert.equal(at(44), "just now");
  assert.equal(at(-30), "just now");
});

test("counts in the largest unit that fits", () => {
  assert.equal(at(50), "1 min. ago");
  assert.equal(at(3 * 60), "3 min. ago");
  assert.equal(at(2 * 3600), "2 hr. ago");
  assert.equal(at(86_400), "yesterday");
  assert.equal(at(-90 * 86_400), "in 3 mo.");
});

test("shows a moment in UTC whatever the device's time zone", () => {
  const moment = new Date(now + 7);
  assert.equal(exactTime(moment, "utc"), "2026-06-06 12:00:00.007 UTC");
  assert.equal(searchedTime(moment, "utc"), "Jun 6, 12:00 UTC");
  assert.equal(absoluteTime(moment, "utc"), "Jun 6, 2026, 12:00:00 UTC");
});

test("shows local time with its offset from UTC", () => {
  const words = exactTime(new Date(now), "local");
  assert.equal(Date.parse(words.replace(" ", "T").replace(" ", "")), now);
});
