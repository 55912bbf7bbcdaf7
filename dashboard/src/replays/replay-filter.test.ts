import assert from "node:assert/strict";
import { test } from "node:test";
import { readDeliveryFilter } from "../deliveries/delivery-filter.ts";
import { replayWords, toReplayFilter } from "./replay-filter.ts";

const now = Date.parse("2026-06-06T12:00:00.000Z");

test("takes over the page's filter", () => {
  const filter = readDeliveryFilter({
    status: "delivered",
    type: "order.paid",
    response: "2xx",
    range: "1h",
  });
  assert.deepEqual(toReplayFilter(filter, now), {
    status: ["delivered"],
    event_type: "order.paid",
    response: "2xx",
    created_from: "2026-06-06T11:00:00.000Z",
  });
});

test("takes over exact statuses and errors, but not a text search", () => {
  const filter = readDeliveryFilter({ response_status: 503, error_code: "timeout,dns_failed", q: "abc" });
  assert.deepEqual(toReplayFilter(filter, now), {
    status: ["failed"],
    response_status: "503",
    error_code: "timeout,dns_failed",
  });
});

test("selects failed deliveries unless the page shows others that have ended", () => {
  assert.deepEqual(toReplayFilter(readDeliveryFilter({}), now), { status: ["failed"] });
  assert.deepEqual(toReplayFilter(readDeliveryFilter({ status: "pending" }), now), { status: ["failed"] });
});

test("describes in words which deliveries are replayed", () => {
  const words = replayWords(
    { status: ["failed", "cancelled"], event_type: "order.paid", connection_id: "x", response: "none" },
    "Zapier",
  );
  assert.equal(words, "Deliveries of order.paid to Zapier that failed or were cancelled, without a response");
});

test("says between which times the deliveries were created", () => {
  const from = { created_from: "2026-06-06T11:00:00.000Z" };
  const before = { created_before: "2026-06-06T12:00:00.000Z" };
  assert.match(
    replayWords({ ...from, ...before }, null),
    / that failed, created from .*:00:00.* to .*:00:00/,
  );
  assert.match(replayWords(from, null), /, created since .*:00:00/);
  assert.match(replayWords(before, null), /, created before .*:00:00/);
});
