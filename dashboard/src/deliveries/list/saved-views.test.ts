import assert from "node:assert/strict";
import { test } from "node:test";
import { readDeliveryFilter } from "../delivery-filter.ts";
import { readViews, savedPart, withView } from "./saved-views.ts";

test("restores a view as it was saved", () => {
  const filter = readDeliveryFilter({
    status: "failed",
    type: "order.*",
    response_status: 503,
    range: "24h",
  });
  const stored = JSON.stringify([{ name: "Orders", filter: savedPart(filter) }]);
  assert.deepEqual(readViews(stored), [{ name: "Orders", filter }]);
});

test("saves neither search texts nor fixed times", () => {
  const filter = readDeliveryFilter({ q: "tok_123", from: "2026-01-01T00:00:00.000Z", status: "failed" });
  assert.equal(JSON.stringify(savedPart(filter)), '{"status":"failed"}');
});

test("ignores stored values that are not views", () => {
  for (const stored of [null, "", "{", "7", '"x"', '[null, 1, {"name":""}, {"name":"a"}, {"filter":{}}]']) {
    assert.deepEqual(readViews(stored), [], String(stored));
  }
  const foreign = readViews('[{"name":"a","filter":{"status":"lost","q":"secret"}}]');
  assert.equal(JSON.stringify(foreign), '[{"name":"a","filter":{}}]');
});

test("a new view replaces the one of the same name", () => {
  const one = { name: "a", filter: readDeliveryFilter({ status: "failed" }) };
  const other = { name: "b", filter: readDeliveryFilter({}) };
  const newer = { name: "a", filter: readDeliveryFilter({ status: "pending" }) };
  assert.deepEqual(withView([one, other], newer), [other, newer]);
});
