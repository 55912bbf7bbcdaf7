import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { decodeJsonString, endOfJsonScalar, endOfJsonString, skipJsonSpace } from "./json-tokens.ts";

suite("JSON tokens", () => {
  test("white space is tab, line feed, carriage return and space, and nothing else", () => {
    assert.equal(skipJsonSpace("\t\n\r x", 0), 4);
    for (const other of ["\u00a0", "\ufeff", "\v", "\f", "\u2028", "\0"]) {
      assert.equal(skipJsonSpace(other, 0), 0, JSON.stringify(other));
    }
    assert.equal(skipJsonSpace("  ", 1), 2);
  });

  const SCALARS: readonly [text: string, end: number | null][] = [
    ['"a\\"b"', 6],
    ['"\\u00e9\\n"', 10],
    ['"\u2028"', 3],
    // Not closed, so it ends after the text.
    ['"', 2],
    ['"a', 3],
    ['"a\\', null],
    ['"\\u00g9"', null],
    ['"\\x"', null],
    ['"a\nb"', null],
    ['"a\u001fb"', null],
    ["'a'", null],
    ["-0.5e+10,", 8],
    ["12345678901234567890", 20],
    ["0", 1],
    // The caller refuses the rest.
    ["01", 1],
    ["1.", 1],
    ["1e", 1],
    [".5", null],
    ["+1", null],
    ["-", null],
    ["true", 4],
    ["false]", 5],
    ["null", 4],
    ["-0", 2],
    ["1.5", 3],
    ["1.5E-7]", 6],
    ["1e+", 1],
    ["nul", null],
    ["NaN", null],
    ["", null],
  ];
  for (const [text, end] of SCALARS) {
    test(`${JSON.stringify(text)} ${end === null ? "does not start with a scalar" : `is a scalar that ends at ${end}`}`, () => {
      assert.equal(endOfJsonScalar(text, 0), end);
    });
  }

  test("are not read past the offset where they must have ended", () => {
    assert.equal(skipJsonSpace("     x", 0, 3), 3);
    assert.equal(endOfJsonString('"abcdef"', 0, 4), 5);
    assert.equal(endOfJsonScalar('"abcdef"', 0, 8), 8);
    assert.equal(endOfJsonScalar("1234567", 0, 4), 4);
  });

  test("a string is decoded as the parser would, wherever it is", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.boolean(), (text, escapeAll) => {
        const token = escapeAll
          ? `"${text.replace(/[\s\S]/g, (unit) => [...unit].map(escapeUnits).join(""))}"`
          : JSON.stringify(text);
        const inside = `[${token},1]`;
        const end = endOfJsonString(inside, 1);
        assert.equal(end, token.length + 1);
        assert.equal(decodeJsonString(inside, 1, end ?? 0), text);
      }),
    );
  });
});

function escapeUnits(character: string): string {
  return character
    .split("")
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
    .join("");
}
