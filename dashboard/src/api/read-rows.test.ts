import assert from "node:assert/strict";
import { test } from "node:test";
import { PAGE_ROWS, type RowsPage, readRows } from "./read-rows.ts";

/** A list of numbers, of which the server searches `searched` per call and returns those that match. */
function listOf(total: number, searched: number, matches: (row: number) => boolean) {
  const requested: number[] = [];
  const read = async (limit: number, cursor: string | null): Promise<RowsPage<number>> => {
    requested.push(limit);
    const data: number[] = [];
    let at = Number(cursor ?? 0);
    const end = Math.min(total, at + searched);
    for (; at < end && data.length < limit; at += 1) if (matches(at)) data.push(at);
    return { data, has_more: at < total, next_cursor: at < total ? String(at) : null };
  };
  return { read, requested: requested };
}

test("reads until the page is full, and never asks for more rows than are missing", async () => {
  const { read, requested } = listOf(1000, 40, (row) => row % 2 === 0);
  const page = await readRows(read, null);
  assert.equal(page.data.length, PAGE_ROWS);
  assert.deepEqual(requested, [50, 30, 10]);
  const next = await readRows(read, page.next_cursor);
  assert.deepEqual(
    [...page.data, ...next.data],
    Array.from({ length: 100 }, (_, index) => index * 2),
  );
});

test("continues after pages without rows, and gives up after a few", async () => {
  const { read, requested } = listOf(1000, 10, (row) => row === 999);
  const page = await readRows(read, null);
  assert.deepEqual(page.data, []);
  assert.equal(page.has_more, true);
  assert.equal(page.next_cursor, "50");
  assert.equal(requested.length, 5);
});

test("stops at the end of the list", async () => {
  const { read } = listOf(3, 10, () => true);
  assert.deepEqual(await readRows(read, null), { data: [0, 1, 2], has_more: false, next_cursor: null });
});
