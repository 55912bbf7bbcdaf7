import assert from "node:assert/strict";
import { test } from "node:test";
import type { Delivery } from "../../api/types.ts";
import { arrange, canLoadOlder, type LiveRows, liveRows, NO_ROWS, WAITING_MAX } from "./live-rows.ts";

const at = (second: number) => new Date(Date.UTC(2026, 5, 6) + second * 1000).toISOString();
const row = (second: number, changed: Partial<Delivery> = {}) =>
  ({
    id: String(second).padStart(4, "0"),
    created_at: at(second),
    updated_at: at(second),
    status: "pending",
    ...changed,
  }) as Delivery;
const ids = (state: LiveRows) => arrange(state).rows.map(({ id }) => Number(id));

const first = liveRows(NO_ROWS, { type: "read", rows: [row(30), row(20), row(10)], hasMore: true });
const arrives = (state: LiveRows, one: Delivery, matches = true) =>
  liveRows(state, { type: "changed", row: one, matches });

test("new rows wait, and take their place in the list when asked for", () => {
  let state = arrives(arrives(first, row(40)), row(25));
  assert.deepEqual(ids(state), [30, 20, 10]);
  assert.equal(arrange(state).waiting, 2);
  state = liveRows(state, { type: "show" });
  assert.deepEqual(ids(state), [40, 30, 25, 20, 10]);
  assert.equal(arrange(state).waiting, 0);
});

test("a shown row is updated in place, even when it no longer matches the filter", () => {
  const state = arrives(first, row(20, { status: "delivered", updated_at: at(50) }), false);
  assert.deepEqual(ids(state), [30, 20, 10]);
  assert.equal(arrange(state).rows[1]?.status, "delivered");
});

test("an older version never replaces a newer one", () => {
  const newer = arrives(first, row(20, { status: "delivered", updated_at: at(50) }));
  const again = liveRows(newer, { type: "read", rows: [row(30), row(20), row(10)], hasMore: true });
  assert.equal(arrange(again).rows[1]?.status, "delivered");
  const sameMoment = arrives(newer, row(20, { status: "delivered", updated_at: at(50) }));
  assert.equal(arrange(sameMoment).rows[1]?.status, "delivered");
});

test("a waiting row that no longer matches the filter is dropped", () => {
  const waiting = arrives(first, row(40));
  const gone = arrives(waiting, row(40, { status: "delivered", updated_at: at(50) }), false);
  assert.equal(arrange(gone).waiting, 0);
});

test("rows older than the last one read are left to the next page", () => {
  const state = arrives(first, row(5));
  assert.equal(arrange(state).waiting, 0);
  const older = liveRows(state, { type: "read", rows: [row(30), row(20), row(10), row(5)], hasMore: false });
  assert.deepEqual(ids(older), [30, 20, 10, 5]);
  assert.deepEqual(arrange(arrives(older, row(1))).waiting, 1, "now the list is known to its end");
});

test("reading the list again moves no row and loses none", () => {
  const again = liveRows(first, { type: "read", rows: [row(50), row(40), row(30)], hasMore: true });
  assert.deepEqual(ids(again), [30, 20, 10]);
  assert.equal(arrange(again).waiting, 2);
  assert.deepEqual(ids(liveRows(again, { type: "show" })), [50, 40, 30, 20, 10]);
});

test("an empty list shows the first row immediately", () => {
  const state = arrives(liveRows(NO_ROWS, { type: "read", rows: [], hasMore: false }), row(1));
  assert.deepEqual(ids(state), [1]);
});

test("keeps a bounded number of waiting rows", () => {
  let state = first;
  for (let second = 100; second < 100 + WAITING_MAX; second += 1) state = arrives(state, row(second));
  assert.equal(state.isOverflown, false);
  state = arrives(state, row(9000));
  assert.equal(state.isOverflown, true);
  assert.equal(arrange(state).waiting, WAITING_MAX);
});

const page = (from: number, length: number) => Array.from({ length }, (_, index) => row(from - index));

test("a gap between the rows read again and those shown is reported", () => {
  // The newest row arrived over the stream before the response did.
  const away = arrives(first, row(200));
  const again = liveRows(away, { type: "read", rows: page(200, 50), hasMore: true });
  assert.equal(again.isOverflown, true);
  assert.equal(arrange(again).waiting, 50);
  assert.equal(canLoadOlder(again), false, "older rows would lie above those that are shown");
  assert.equal(canLoadOlder(first), true);
});

test("no gap is reported when all rows were followed or the pages overlap", () => {
  let followed = first;
  for (let second = 31; second <= 100; second += 1) followed = arrives(followed, row(second));
  followed = liveRows(followed, { type: "read", rows: page(100, 50), hasMore: true });
  assert.equal(followed.isOverflown, false);
  const reaches = liveRows(first, { type: "read", rows: page(60, 31), hasMore: true });
  assert.equal(reaches.isOverflown, false);
  const older = liveRows(first, { type: "read", rows: [row(30), row(20), row(10), row(5)], hasMore: true });
  assert.equal(older.isOverflown, false);
  const whole = liveRows(first, { type: "read", rows: page(60, 20), hasMore: false });
  assert.equal(whole.isOverflown, false, "those that are shown left the filter");
});

test("reading the list repeatedly keeps a bounded number of waiting rows", () => {
  let state = first;
  for (let times = 1; times <= 20; times += 1) {
    state = liveRows(state, { type: "read", rows: page(times * 100, 50), hasMore: true });
  }
  assert.equal(arrange(state).waiting, WAITING_MAX);
  assert.equal(state.isOverflown, true);
});
