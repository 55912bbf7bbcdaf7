import assert from "node:assert/strict";
import { test } from "node:test";
import { readEventFilter, toEventQuery, toStatisticsFilters } from "./event-filter.ts";

const now = Date.parse("2026-06-06T12:00:00.000Z");

test("reads a filter from the URL and ignores unknown values", () => {
  const filter = readEventFilter({
    type: "order.*,user.created,a b",
    origin: "test",
    q: 4217,
    failed: "yes",
    range: "1h",
    status: "failed",
  });
  assert.deepEqual(toEventQuery(filter, now), {
    type: "order.*,user.created",
    origin: "test",
    q: "4217",
    has_failed: "true",
    accepted_from: "2026-06-06T11:00:00.000Z",
  });
  assert.deepEqual(toEventQuery(readEventFilter({ type: "", failed: true, origin: "me", q: "x" }), now), {});
});

test("names the filters that the statistics do not support", () => {
  assert.deepEqual(toStatisticsFilters({ type: "order.*" }), {
    filters: { event_type: "order.*" },
    ignored: [],
  });
  assert.deepEqual(toStatisticsFilters({ type: "a,b", origin: "test", failed: "no", q: "ab" }), {
    filters: {},
    ignored: ["event type", "origin", "failures", "search text"],
  });
});
