import assert from "node:assert/strict";
import { test } from "node:test";
import { pathToReturnTo, safePath } from "./safe-path.ts";

test("accepts paths of this origin", () => {
  assert.equal(safePath("/api-keys"), "/api-keys");
  assert.equal(safePath("/integrations/webhook?x=1#y"), "/integrations/webhook?x=1#y");
});

test("refuses paths that can lead to another origin", () => {
  for (const value of [
    "//evil.example",
    "/\\evil.example",
    "https://evil.example",
    "javascript:alert(1)",
    "/\t/evil",
    7,
  ]) {
    assert.equal(safePath(value), undefined);
  }
});

test("returns nothing for the page that signing in leads to anyway", () => {
  assert.equal(pathToReturnTo("/"), undefined);
  assert.equal(pathToReturnTo("/?range=1h"), "/?range=1h");
});
