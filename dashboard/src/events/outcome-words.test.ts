import assert from "node:assert/strict";
import { test } from "node:test";
import { outcomeParts } from "./outcome-words.ts";

const NONE = { pending: 0, delivered: 0, failed: 0, cancelled: 0, is_exact: true };
const wordsOf = (outcomes: Partial<typeof NONE>) =>
  outcomeParts({ ...NONE, ...outcomes }).map(({ words }) => words);

test("counts an event's deliveries by status, failures first", () => {
  assert.deepEqual(wordsOf({}), []);
  assert.deepEqual(wordsOf({ delivered: 1203, failed: 1 }), ["1 failed", "1,203 delivered"]);
  assert.deepEqual(wordsOf({ pending: 2, cancelled: 1 }), ["2 pending", "1 cancelled"]);
});

test("adds a plus sign when not all deliveries were counted", () => {
  assert.deepEqual(wordsOf({ delivered: 200, failed: 1, is_exact: false }), ["1+ failed", "200+ delivered"]);
});
