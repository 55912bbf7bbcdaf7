import assert from "node:assert/strict";
import { test } from "node:test";
import { spanOf } from "./span.ts";

test("counts in the largest unit that fits", () => {
  assert.equal(spanOf(4_200), "4 s");
  assert.equal(spanOf(4 * 60_000 + 20_000), "4 min");
  assert.equal(spanOf(2 * 3_600_000), "2 h");
  assert.equal(spanOf(3 * 86_400_000), "3 d");
});

test("never says that no time is left", () => {
  assert.equal(spanOf(0), "1 s");
  assert.equal(spanOf(-5_000), "1 s");
});
