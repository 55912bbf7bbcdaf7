import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { compactJson } from "./compact-json.ts";

suite("compact JSON", () => {
  const ROWS: readonly [json: string, compact: string][] = [
    [' { "a" : [ 1 ,\t2 ] ,\r\n "b" : { } } ', '{"a":[1,2],"b":{}}'],
    ['{"n": 12345678901234567890.10e+00}', '{"n":12345678901234567890.10e+00}'],
    ['{ "a b" : " c \\" d " }', '{"a b":" c \\" d "}'],
    ['["\\\\" , " "]', '["\\\\"," "]'],
    ['{ "\\u00e9": "\\u0000 \u00a0" }', '{"\\u00e9":"\\u0000 \u00a0"}'],
    [" 1 ", "1"],
  ];
  for (const [json, compact] of ROWS) {
    test(`of ${JSON.stringify(json)} keeps numbers and strings unchanged`, () => {
      assert.equal(compactJson(json), compact);
    });
  }

  test("equals the output of JSON.stringify, however that was indented", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), fc.constantFrom(0, 1, 4, "\t", "\n\r"), (value, indent) => {
        assert.equal(compactJson(JSON.stringify(value, null, indent)), JSON.stringify(value));
      }),
    );
  });
});
