import assert from "node:assert/strict";
import { test } from "node:test";
import { neighborsOf } from "./neighbors.ts";

const rows = [{ id: "a" }, { id: "b" }, { id: "c" }];

test("finds the previous and the next delivery in the list", () => {
  assert.deepEqual(neighborsOf(rows, "b"), { previousId: "a", nextId: "c" });
  assert.deepEqual(neighborsOf(rows, "a"), { previousId: undefined, nextId: "b" });
  assert.deepEqual(neighborsOf(rows, "c"), { previousId: "b", nextId: undefined });
});

test("finds none for a delivery that is not in the list", () => {
  assert.deepEqual(neighborsOf(rows, "x"), { previousId: undefined, nextId: undefined });
  assert.deepEqual(neighborsOf([], undefined), { previousId: undefined, nextId: undefined });
});
