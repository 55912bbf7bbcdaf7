import assert from "node:assert/strict";
import { test } from "node:test";
import type { InspectedRequest } from "../api/types.ts";
import { countWaiting, withRequest } from "./live-requests.ts";

const row = (second: number, id = String(second).padStart(4, "0")) =>
  ({ id, created_at: new Date(second * 1000).toISOString() }) as InspectedRequest;
const ids = (rows: readonly InspectedRequest[]) => rows.map(({ id }) => Number(id));

test("a request is sorted by time, then by id, and never listed twice", () => {
  const rows = withRequest(withRequest([row(20), row(10)], row(15)), row(30));
  assert.deepEqual(ids(rows), [30, 20, 15, 10]);
  assert.deepEqual(ids(withRequest(rows, row(15))), [30, 20, 15, 10]);
  assert.deepEqual(ids(withRequest([row(1, "0001")], row(1, "0002"))), [2, 1]);
});

test("the list is no longer than the server's", () => {
  let rows: InspectedRequest[] = [];
  for (let second = 0; second < 60; second += 1) rows = withRequest(rows, row(second));
  assert.equal(rows.length, 50);
  assert.deepEqual([rows[0]?.id, rows.at(-1)?.id], ["0059", "0010"]);
});

test("requests that are not shown count as waiting", () => {
  assert.equal(countWaiting([row(30), row(20), row(10)], [row(20), row(10), row(5)]), 1);
  assert.equal(countWaiting([], [row(5)]), 0);
});
