import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { findJsonFault } from "./find-json-fault.ts";

describe("findJsonFault", () => {
  for (const [text, fault] of [
    ['{\n  "a": oops\n}', 9],
    ['{"a":1,}', 7],
    ["[1,2", 4],
    ['{"a" 1}', 5],
    ["{'a':1}", 1],
    ['"open', 0],
    ["", 0],
    ["01", 1],
    ["[1]]", 3],
    ["nul", 0],
    ['{"a":"\\x"}', 5],
  ] as const) {
    it(`finds the fault of ${JSON.stringify(text)} at ${fault}`, () => {
      assert.equal(findJsonFault(text), fault);
    });
  }

  it("finds none in the output of JSON.stringify, however it is indented", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), fc.nat(4), (value, indent) => {
        assert.equal(findJsonFault(JSON.stringify(value, null, indent)), null);
      }),
    );
  });

  it("agrees with the parser on damaged texts", () => {
    fc.assert(
      fc.property(
        fc.jsonValue(),
        fc.nat(),
        fc.constantFrom("", ",", '"', "}", "]", "\\", "e"),
        (value, at, put) => {
          const text = JSON.stringify(value);
          const cut = at % (text.length + 1);
          const damaged = text.slice(0, cut) + put + text.slice(cut + 1);
          const isValid = (() => {
            try {
              JSON.parse(damaged);
              return true;
            } catch {
              return false;
            }
          })();
          assert.equal(findJsonFault(damaged) === null, isValid, damaged);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it("handles deep nesting without recursion", () => {
    assert.equal(findJsonFault("[".repeat(100_000)), 100_000);
  });
});
