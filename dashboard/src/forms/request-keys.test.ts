import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { requestKeys } from "./request-keys.ts";

describe("requestKeys", () => {
  test("returns the same key for the same request, and a new one for another request", () => {
    const keyOf = requestKeys();
    const first = keyOf({ name: "One" });
    assert.match(first, /^[\x21-\x7e]{24}$/);
    assert.equal(keyOf({ name: "One" }), first);
    assert.notEqual(keyOf({ name: "Two" }), first);
  });

  test("shares no keys between forms", () => {
    assert.notEqual(requestKeys()({ name: "One" }), requestKeys()({ name: "One" }));
  });
});
