import assert from "node:assert/strict";
import { test } from "node:test";
import { readDeliveryFilter } from "../delivery-filter.ts";
import { statisticsFilters } from "./histogram-filter.ts";

const id = "0198c5f2-7c1e-7a54-9d3e-5b1f0c2a7e11";
const other = "0198c5f2-7c1e-7a54-9d3e-5b1f0c2a7e12";
const read = (search: object) => statisticsFilters(readDeliveryFilter({ ...search }));

test("applies every filter that the statistics support", () => {
  assert.deepEqual(read({ connection: id, type: "order.*", status: "failed" }), {
    filters: { connection_id: id, event_type: "order.*", outcome: "failed" },
    ignored: [],
  });
});

test("names the filters that the chart ignores", () => {
  const { filters, ignored } = read({
    connection: `${id},${other}`,
    type: "a,b",
    status: "pending",
    response_status: "503",
    error_code: "timeout",
    q: "xy",
  });
  assert.deepEqual(filters, {});
  assert.deepEqual(ignored, ["connection", "event type", "status", "response", "error", "search text"]);
});
