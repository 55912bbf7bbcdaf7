import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { storedHeaders } from "./stored-headers.ts";

suite("the stored headers", () => {
  test("are all headers of an ordinary response", () => {
    const headers = { "content-type": "text/plain", "x-a": "y".repeat(15_000) };
    assert.equal(storedHeaders(headers), headers);
  });

  test("are up to 16 KiB of whole headers of a long response, and always those OpenSend uses", () => {
    const headers = {
      "x-a": "y".repeat(10_000),
      "x-b": "y".repeat(10_000),
      "x-c": "1",
      "retry-after": "7",
      location: "/",
    };
    assert.deepEqual(Object.keys(storedHeaders(headers)), ["x-a", "x-c", "retry-after", "location"]);
  });
});
