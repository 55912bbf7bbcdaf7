import assert from "node:assert/strict";
import { test } from "node:test";
import { containsMatch, type JsonNode, matchesIn, readJsonTree, sizeOf } from "./json-tree.ts";

const tree = (text: string): JsonNode => {
  const read = readJsonTree(text);
  assert.ok(read !== null, text);
  return read;
};

/** Writes the tree as text again. */
const written = ({ kind, key, token, children }: JsonNode): string => {
  const inner = children.map(written).join(",");
  const value = kind === "leaf" ? token : kind === "object" ? `{${inner}}` : `[${inner}]`;
  return key === null ? value : `${key}:${value}`;
};

test("keeps every token as sent", () => {
  for (const text of [
    '{"id":12345678901234567890123,"small":1.10,"e":1E+3,"s":"a\\u0041\\"{,}:"}',
    '{"":[],"a":{},"b":[[1,null],{"c":true}],"a":2}',
    "[]",
    '[{"x":"\\\\"},"]"]',
  ]) {
    assert.equal(written(tree(text)), text);
  }
});

test("supports only objects and arrays", () => {
  for (const text of ["", "7", '"text"', "null", "<html>", "{", "[1,]"])
    assert.equal(readJsonTree(text), null);
});

test("returns null when a tree would be slower than the text", () => {
  assert.equal(readJsonTree("[".repeat(5_000) + "]".repeat(5_000)), null);
  assert.equal(readJsonTree(`[${"1,".repeat(30_000)}1]`), null);
});

test("finds names and values, and the nodes to expand to show them", () => {
  const root = tree('{"data":{"Order":[{"sku":"abc"},{"sku":"xyz"}],"total":42}}');
  assert.deepEqual(matchesIn(root, "order"), ["$.data.Order"]);
  assert.deepEqual(matchesIn(root, "XYZ"), ["$.data.Order[1].sku"]);
  assert.deepEqual(matchesIn(root, "4"), ["$.data.total"]);
  assert.deepEqual(matchesIn(root, " "), []);
  const found = matchesIn(root, "xyz");
  for (const path of ["$", "$.data", "$.data.Order", "$.data.Order[1]"])
    assert.ok(containsMatch(path, found), path);
  for (const path of ["$.data.Order[0]", "$.data.Ord", "$.data.total"])
    assert.ok(!containsMatch(path, found), path);
});

test("counts no further than needed", () => {
  const root = tree(`{"a":[${"1,".repeat(1_000)}1]}`);
  assert.equal(sizeOf(root, 50), 50);
  assert.equal(sizeOf(tree('{"a":[1,2]}'), 50), 4);
});
