import assert from "node:assert/strict";
import { test } from "node:test";
import { metadataChange, metadataText, readMetadata } from "./metadata-text.ts";

test("reads what it has written, including line breaks and backslashes", () => {
  const pairs = { customer: "42", note: "a=b\nC:\\new\\\\r ", empty: "" };
  const text = metadataText(pairs);
  assert.equal(text.split("\n").length, 3);
  assert.deepEqual(readMetadata(text), { pairs });
  assert.deepEqual(readMetadata("\n \n"), { pairs: {} });
});

test("says what is wrong with a line", () => {
  const problemOf = (text: string) => (readMetadata(text) as { problem?: string }).problem;
  assert.match(problemOf("customer") ?? "", /no “=”/);
  assert.match(problemOf("a b=1") ?? "", /not a name/);
  assert.match(problemOf("=1") ?? "", /not a name/);
  assert.match(problemOf("__proto__=1") ?? "", /not a name/);
  assert.match(problemOf("a=1\na=2") ?? "", /twice/);
  assert.match(problemOf(`a=${"x".repeat(501)}`) ?? "", /500/);
  assert.match(
    problemOf(Array.from({ length: 21 }, (_, index) => `a${index}=1`).join("\n")) ?? "",
    /20 lines/,
  );
});

test("returns only the changed pairs, with null for removed ones", () => {
  assert.deepEqual(metadataChange({ a: "1", b: "2", c: "3" }, { a: "1", b: "4", d: "5" }), {
    c: null,
    b: "4",
    d: "5",
  });
  assert.deepEqual(metadataChange({ a: "1" }, { a: "1" }), {});
});
