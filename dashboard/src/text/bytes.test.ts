import assert from "node:assert/strict";
import { test } from "node:test";
import { bytes } from "./bytes.ts";

test("shows a size in the largest unit that fits", () => {
  assert.equal(bytes(0), "0 bytes");
  assert.equal(bytes(999), "999 bytes");
  assert.equal(bytes(4_200), "4.2 kB");
  assert.equal(bytes(180_224), "180 kB");
  assert.equal(bytes(12_345_678), "12 MB");
  assert.equal(bytes(7_000_000_000_000_000), "7000 TB");
});
