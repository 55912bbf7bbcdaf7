import assert from "node:assert/strict";
import { test } from "node:test";
import { metadataOptions, pairsOf, readPairs } from "./metadata-filter.ts";

test("reads pairs from an address, each name once, and leaves out what is no pair", () => {
  assert.deepEqual(readPairs("customer=42"), ["customer=42"]);
  assert.deepEqual(readPairs(["customer=42", "plan=a=b, c", "customer=43"]), ["customer=43", "plan=a=b, c"]);
  for (const odd of [
    undefined,
    42,
    {},
    "",
    "customer",
    "=1",
    "a b=1",
    "__proto__=1",
    "a=1\nb=2",
    [7, null],
  ]) {
    assert.deepEqual(readPairs(odd), [], JSON.stringify(odd));
  }
  assert.deepEqual(readPairs(`a=${"x".repeat(501)}`), []);
  assert.equal(readPairs(Array.from({ length: 30 }, (_, index) => `a${index}=1`)).length, 20);
});

test("gives the API the value that was meant, line breaks included", () => {
  assert.deepEqual(pairsOf(["note=a\\nb\\\\", "empty="]), { note: "a\nb\\", empty: "" });
});

test("offers the pairs of the connections listed, and what is typed first", () => {
  const listed = [
    { metadata: { customer: "42", plan: "pro" } },
    { metadata: { customer: "4", plan: "pro" } },
    { metadata: {} },
  ];
  const values = (typed: string) => metadataOptions(listed, typed).map(({ value }) => value);
  assert.deepEqual(values(""), ["customer=4", "customer=42", "plan=pro"]);
  assert.deepEqual(values("PRO"), ["plan=pro"]);
  assert.deepEqual(values("customer=4"), ["customer=4", "customer=42"]);
  assert.deepEqual(values("customer=7"), ["customer=7"]);
  assert.deepEqual(values("nothing"), []);
});
