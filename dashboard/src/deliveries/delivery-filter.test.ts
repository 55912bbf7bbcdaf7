import assert from "node:assert/strict";
import { test } from "node:test";
import type { Delivery } from "../api/types.ts";
import { isFiltered, matchesFilter, readDeliveryFilter, toDeliveryQuery } from "./delivery-filter.ts";

const now = Date.parse("2026-06-06T12:00:00.000Z");
const connection = "0198c5f2-7c1e-7a54-9d3e-5b1f0c2a7e11";
const delivery = {
  status: "failed",
  connection_id: connection,
  event_type: "order.paid",
  response_status: 503,
  last_attempt_at: "2026-06-06T11:30:00.000Z",
  created_at: "2026-06-06T11:00:00.000Z",
} as Delivery;

test("reads a filter from the URL and ignores unknown values", () => {
  const filter = readDeliveryFilter({ status: "failed", connection, type: 7, range: "24h", page: 2 });
  assert.deepEqual(toDeliveryQuery(filter, now), {
    status: "failed",
    connection_id: connection,
    event_type: "7",
    created_from: "2026-06-05T12:00:00.000Z",
  });
  const foreign = readDeliveryFilter({
    status: "lost",
    connection: "x",
    type: {},
    response: "6xx",
    range: "1y",
  });
  assert.equal(isFiltered(foreign), false);
  assert.deepEqual(toDeliveryQuery(foreign, now), {});
});

test("matches a delivery exactly as the server does", () => {
  const matches = (search: object, changed: object = {}) =>
    matchesFilter(readDeliveryFilter({ ...search }), { ...delivery, ...changed }, now);
  assert.ok(matches({}));
  assert.ok(matches({ status: "failed", connection, type: "order.paid", response: "5xx", range: "24h" }));
  assert.ok(!matches({ status: "delivered" }));
  assert.ok(!matches({ type: "order" }));
  assert.ok(!matches({ response: "4xx" }));
  assert.ok(!matches({ range: "1h" }, { created_at: "2026-06-06T10:59:59.999Z" }));
  assert.ok(!matches({ before: "2026-06-06T11:00:00.000Z" }), "the end is not part of it");
});

test("distinguishes a missing response from no attempt yet", () => {
  const matches = (changed: object) =>
    matchesFilter(readDeliveryFilter({ response: "none" }), { ...delivery, ...changed }, now);
  assert.ok(matches({ response_status: null }));
  assert.ok(!matches({ response_status: null, last_attempt_at: null }));
  assert.ok(!matches({}));
});
