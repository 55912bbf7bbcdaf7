import assert from "node:assert/strict";
import { test } from "node:test";
import { indentJson } from "./indent-json.ts";

test("lays out nested values over lines", () => {
  assert.equal(
    indentJson('{"a":[1,{"b":null}],"c":{}}'),
    '{\n  "a": [\n    1,\n    {\n      "b": null\n    }\n  ],\n  "c": {}\n}',
  );
});

test("keeps every token as it was sent", () => {
  const sent = '{"n":12345678901234567890.10,"s":"a\\u0000\\"{,}:","e":[]}';
  assert.equal(indentJson(sent)?.replaceAll(/\n\s*|(?<=:) /g, ""), sent);
});

test("answers null for text that is not JSON", () => {
  assert.equal(indentJson("<html>"), null);
  assert.equal(indentJson(""), null);
});

test("leaves text alone that is nested too deep to be read", () => {
  assert.equal(indentJson("[".repeat(5_000) + "]".repeat(5_000)), null);
});
