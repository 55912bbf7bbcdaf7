import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { isUuid } from "./id.ts";

suite("an id", () => {
  test("is a UUID of any version, in either case", () => {
    fc.assert(fc.property(fc.uuid(), (uuid) => isUuid(uuid) && isUuid(uuid.toUpperCase())));
  });

  const REFUSED = [
    "",
    "uuid",
    "00000000-0000-0000-0000-000000000000",
    "0198c5f2-7c1e-7a54-9d3e-5b1f0c2a7e1",
    "0198c5f2-7c1e-7a54-9d3e-5b1f0c2a7e111",
    "0198c5f27c1e7a549d3e5b1f0c2a7e11",
    "{0198c5f2-7c1e-7a54-9d3e-5b1f0c2a7e11}",
    "0198c5f2-7c1e-9a54-9d3e-5b1f0c2a7e11",
    "0198c5f2-7c1e-7a54-7d3e-5b1f0c2a7e11",
    "0198c5f2-7c1e-7a54-9d3e-5b1f0c2a7e1g",
    " 0198c5f2-7c1e-7a54-9d3e-5b1f0c2a7e11",
    "0198c5f2-7c1e-7a54-9d3e-5b1f0c2a7e11\n",
  ];
  for (const text of REFUSED) {
    test(`is not ${JSON.stringify(text)}`, () => assert.ok(!isUuid(text)));
  }
});
