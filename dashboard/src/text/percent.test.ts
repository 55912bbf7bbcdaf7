import assert from "node:assert/strict";
import { test } from "node:test";
import { percent } from "./percent.ts";

test("rounds to 0 % or 100 % only when the share is exactly that", () => {
  assert.deepEqual([0, 1, 0.987, 0.99999, 0.00001, null].map(percent), [
    "0 %",
    "100 %",
    "98.7 %",
    "99.9 %",
    "0.1 %",
    "–",
  ]);
});
