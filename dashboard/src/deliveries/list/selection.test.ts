import assert from "node:assert/strict";
import { test } from "node:test";
import { NOTHING_SELECTED, type Selection, type SelectionAction, selection } from "./selection.ts";

const order = ["a", "b", "c", "d", "e"];
const after = (...actions: SelectionAction[]): Selection => actions.reduce(selection, NOTHING_SELECTED);
const ids = (state: Selection) => [...state.ids].sort().join("");

test("selects a row and deselects it", () => {
  assert.equal(ids(after({ type: "toggle", id: "a" }, { type: "toggle", id: "c" })), "ac");
  assert.equal(ids(after({ type: "toggle", id: "a" }, { type: "toggle", id: "a" })), "");
});

test("selects a range from the row selected last, up or down", () => {
  assert.equal(ids(after({ type: "toggle", id: "b" }, { type: "range", id: "d", order })), "bcd");
  assert.equal(ids(after({ type: "toggle", id: "d" }, { type: "range", id: "b", order })), "bcd");
  assert.equal(ids(after({ type: "range", id: "d", order })), "d", "without a beginning it is one row");
  const gone = after({ type: "toggle", id: "x" }, { type: "range", id: "b", order });
  assert.equal(ids(gone), "bx", "the beginning has left the list");
});

test("selecting a single row ends the selection of all matches", () => {
  assert.deepEqual(after({ type: "toggle", id: "a" }, { type: "all" }).isAll, true);
  const narrowed = after({ type: "all" }, { type: "toggle", id: "a" });
  assert.equal(narrowed.isAll, false);
  assert.equal(ids(narrowed), "a");
  assert.deepEqual(after({ type: "all" }, { type: "none" }), NOTHING_SELECTED);
});

test("never selects more than the API accepts", () => {
  const many = Array.from({ length: 1_500 }, (_, index) => String(index));
  assert.equal(after({ type: "shown", order: many }).ids.size, 1_000);
  assert.equal(after({ type: "shown", order: many }, { type: "toggle", id: "x" }).ids.size, 1_000);
});
