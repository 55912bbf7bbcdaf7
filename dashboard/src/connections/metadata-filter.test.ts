import assert from "node:assert/strict";
import { test } from "node:test";
import {
  METADATA_NAME,
  METADATA_PAIRS_MAX,
  METADATA_VALUE_LENGTH_MAX,
} from "../../../src/domain/connection-labels.ts";
import { pairsOf, readPairs } from "./metadata-filter.ts";
import { metadataOptions } from "./metadata-options.ts";

test("reads pairs from an address, each name once, and leaves out what is no pair", () => {
  assert.deepEqual(readPairs("customer=42"), ["customer=42"]);
  assert.deepEqual(readPairs(["customer=42", "plan=a=b, c", "customer=43"]), ["customer=43", "plan=a=b, c"]);
  for (const odd of [undefined, 42, {}, "", "customer", "=1", "a b=1", "__proto__=1", [7, null, []]]) {
    assert.deepEqual(readPairs(odd), [], JSON.stringify(odd));
  }
  assert.deepEqual(readPairs("a=1\nb=2"), ["a=1\nb=2"], "a value may have line breaks");
  assert.deepEqual(readPairs(`a=${"x".repeat(501)}`), []);
  assert.equal(readPairs(Array.from({ length: 30 }, (_, index) => `a${index}=1`)).length, 20);
});

test("takes what the API takes", () => {
  const name = "a".repeat(40);
  const value = "x".repeat(METADATA_VALUE_LENGTH_MAX);
  assert.ok(METADATA_NAME.test(name) && !METADATA_NAME.test(`${name}a`));
  assert.deepEqual(readPairs([`${name}=${value}`, `${name}a=1`, `b=${value}x`]), [`${name}=${value}`]);
  const many = Array.from({ length: METADATA_PAIRS_MAX + 1 }, (_, index) => `a${index}=1`);
  assert.equal(readPairs(many).length, METADATA_PAIRS_MAX);
});

test("gives the API each value as it is", () => {
  assert.deepEqual(pairsOf(["note=a\nb\\", "empty="]), { note: "a\nb\\", empty: "" });
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
