import assert from "node:assert/strict";
import { test } from "node:test";
import { readFieldErrors } from "./field-errors.ts";

test("only the first hundred of thousands of invalid values are named", () => {
  const validation = Array.from({ length: 5000 }, (_, index) => ({
    keyword: "invalid_type",
    instancePath: `/event_types/${index}`,
    schemaPath: "",
    params: {},
    message: "Must be text.",
  }));
  const fields = readFieldErrors({ validation });
  assert.equal(fields.length, 100);
  assert.deepEqual(fields[99], { path: "event_types.99", message: "Must be text." });
});
