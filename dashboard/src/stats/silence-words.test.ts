import assert from "node:assert/strict";
import { test } from "node:test";
import { silenceTitle, usualWords } from "./silence-words.ts";

const now = Date.parse("2026-06-06T12:30:00.000Z");
const silence = { since: "2026-06-03T12:00:00.000Z", events_per_day: 41.3 };

test("says for how many whole days nothing was sent", () => {
  assert.equal(silenceTitle(silence, now), "Silent for 3 days");
  assert.equal(silenceTitle({ ...silence, since: "2026-06-05T12:00:00.000Z" }, now), "Silent for 1 day");
});

test("rounds the usual number of events", () => {
  assert.equal(usualWords(silence), "Before that, about 41 events per day.");
  assert.equal(
    usualWords({ ...silence, events_per_day: 12_345.6 }),
    "Before that, about 12,000 events per day.",
  );
  assert.equal(usualWords({ ...silence, events_per_day: 1.2 }), "Before that, about 1 event per day.");
  assert.equal(usualWords({ ...silence, events_per_day: 0.5 }), "Before that, about 4 events per week.");
});
