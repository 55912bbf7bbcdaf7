import assert from "node:assert/strict";
import { test } from "node:test";
import { withMetadata } from "./metadata-query.ts";

test("gathers parameters written as metadata[key]=value", () => {
  const query = { limit: "5", "metadata[customer]": "42", "metadata[plan.name]": "pro" };
  assert.deepEqual(withMetadata(query), { limit: "5", metadata: { customer: "42", "plan.name": "pro" } });
  assert.deepEqual(withMetadata({ limit: "5" }), { limit: "5" });
});

test("leaves other parameters for validation to refuse", () => {
  for (const name of ["metadata[]", "metadata[a", "metadata[a b]", "metadata[__proto__]", "xmetadata[a]"]) {
    assert.deepEqual(Object.keys(withMetadata({ [name]: "1" })), [name]);
  }
  assert.deepEqual(withMetadata({ "metadata[a]": ["1", "2"] }), { metadata: { a: ["1", "2"] } });
});
