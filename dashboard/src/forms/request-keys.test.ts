import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { requestKeys } from "./request-keys.ts";

describe("requestKeys", () => {
  test("keeps its key for the same request, and makes another for another", () => {
    const keyOf = requestKeys();
    const first = keyOf({ name: "One" });
    assert.match(first, /^[\x21-\x7e]{24}$/);
    assert.equal(keyOf({ name: "One" }), first);
    assert.notEqual(keyOf({ name: "Two" }), first);
  });

  test("shares no key between forms", () => {
    assert.notEqual(requestKeys()({ name: "One" }), requestKeys()({ name: "One" }));
  });
});
