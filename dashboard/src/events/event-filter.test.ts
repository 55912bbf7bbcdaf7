import assert from "node:assert/strict";
import { test } from "node:test";
import { readEventFilter, toEventQuery } from "./event-filter.ts";

const now = Date.parse("2026-06-06T12:00:00.000Z");

test("reads what is in an address and leaves out what is none of ours", () => {
  const filter = readEventFilter({ type: "order.paid", failed: "yes", range: "1h", status: "failed" });
  assert.deepEqual(toEventQuery(filter, now), {
    type: "order.paid",
    has_failed: "true",
    accepted_from: "2026-06-06T11:00:00.000Z",
  });
  assert.deepEqual(toEventQuery(readEventFilter({ type: "", failed: true }), now), {});
});
