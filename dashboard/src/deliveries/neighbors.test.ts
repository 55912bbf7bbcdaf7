import assert from "node:assert/strict";
import { test } from "node:test";
import { neighborsOf } from "./neighbors.ts";

const rows = [{ id: "a" }, { id: "b" }, { id: "c" }];

test("finds what comes before and after in the list", () => {
  assert.deepEqual(neighborsOf(rows, "b"), { previousId: "a", nextId: "c" });
  assert.deepEqual(neighborsOf(rows, "a"), { previousId: undefined, nextId: "b" });
  assert.deepEqual(neighborsOf(rows, "c"), { previousId: "b", nextId: undefined });
});

test("knows none for a delivery that the list does not show", () => {
  assert.deepEqual(neighborsOf(rows, "x"), { previousId: undefined, nextId: undefined });
  assert.deepEqual(neighborsOf([], undefined), { previousId: undefined, nextId: undefined });
});
