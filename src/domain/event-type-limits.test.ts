import assert from "node:assert/strict";
import { test } from "node:test";
import { createEventFilter } from "./event-filter.ts";
import { beyondLimits, coversPattern, intersectPatterns } from "./event-type-limits.ts";

const COVERED: readonly [pattern: string, asked: string, covers: boolean][] = [
  ["*", "order.paid", true],
  ["*", "order.*", true],
  ["*", "*", true],
  ["order.*", "*", false],
  ["order.*", "order.*", true],
  ["order.*", "order.paid", true],
  ["order.*", "order.paid.*", true],
  ["order.*", "order", false],
  ["order.*", "orders.paid", false],
  ["order.paid.*", "order.*", false],
  ["order.paid", "order.paid", true],
  ["order.paid", "order.paid.late", false],
  ["order.paid", "order.*", false],
];

for (const [pattern, asked, covers] of COVERED) {
  test(`${pattern} ${covers ? "covers" : "does not cover"} ${asked}`, () => {
    assert.equal(coversPattern(pattern, asked), covers);
  });
}

test("returns the requested patterns beyond the limits", () => {
  assert.deepEqual(beyondLimits(["order.*", "user.created"], ["order.paid", "user.*", "*"]), ["user.*", "*"]);
  assert.deepEqual(beyondLimits([], ["order.paid"]), ["order.paid"]);
});

test("intersects two lists to the types that both cover", () => {
  assert.deepEqual(intersectPatterns(["order.*"], ["*"]), ["order.*"]);
  assert.deepEqual(intersectPatterns(["order.*", "user.created"], ["order.paid", "user.*"]), [
    "order.paid",
    "user.created",
  ]);
  assert.deepEqual(intersectPatterns(["order.*"], ["user.*"]), []);
  assert.deepEqual(intersectPatterns(["order.*", "order.paid"], ["order.*"]), ["order.*", "order.paid"]);
});

test("an intersection covers exactly the types that both lists cover", () => {
  const lists = [["*"], ["a.*"], ["a.b"], ["a.b.*", "c"], ["a.*", "a.b.*"], ["c", "d.*"]];
  const types = ["a", "a.b", "a.b.c", "a.c", "c", "d", "d.e"];
  for (const some of lists) {
    for (const others of lists) {
      const both = createEventFilter(intersectPatterns(some, others));
      for (const type of types) {
        assert.equal(both(type), createEventFilter(some)(type) && createEventFilter(others)(type), type);
      }
    }
  }
});
