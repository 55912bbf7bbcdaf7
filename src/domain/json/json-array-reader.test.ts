import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { findJsonFault } from "./find-json-fault.ts";
import { JsonArrayReader } from "./json-array-reader.ts";
import type { ScanLimits } from "./scan-json.ts";

const LIMITS: ScanLimits = {
  bytesMax: 100_000,
  levelsMax: 1000,
  membersMax: 1000,
  namesOfObjectMax: 1000,
  namesMax: 1000,
};

/** The texts of the elements, then the fault or excess that ended the reading, if any. */
function readAll(text: string, limits: Partial<ScanLimits> = {}): (string | number)[] {
  const reader = new JsonArrayReader(text, { ...LIMITS, ...limits });
  const read: (string | number)[] = [];
  for (;;) {
    const item = reader.next();
    if (item === null) return read;
    if (item.faultAt !== null) return [...read, item.faultAt];
    if (item.excess !== null) return [...read, `too many ${item.excess}`];
    read.push(text.slice(item.start, item.end));
  }
}

suite("an array is read", () => {
  test("element by element", () => {
    assert.deepEqual(readAll(' [ {"a":[1]} , [ ] ,"]", 5 ] '), ['{"a":[1]}', "[ ]", '"]"', "5"]);
    assert.deepEqual(readAll("[]"), []);
    assert.deepEqual(readAll(" [\n] "), []);
  });

  test("only if the text is one", () => {
    for (const text of ["{}", '{"a":[]}', "1", '"[]"', "null", "", "  "]) {
      assert.equal(new JsonArrayReader(text, LIMITS).isArray, false, text);
    }
    assert.ok(new JsonArrayReader(" [", LIMITS).isArray);
  });

  test("up to the first element over a limit, which applies to each one separately", () => {
    assert.deepEqual(readAll("[[1],[2],[[3]],oops", { levelsMax: 1 }), ["[1]", "[2]", "too many levels"]);
    assert.deepEqual(readAll("[123,1234,12345,oops", { bytesMax: 4 }), ["123", "1234", "too many bytes"]);
  });

  test("across as much white space as an element can have, and no more", () => {
    const [space, more] = [" ".repeat(8), " ".repeat(9)];
    assert.deepEqual(readAll(`${space}[${space}1${space},${space}2${space}]${space}`, { bytesMax: 8 }), [
      "1",
      "2",
    ]);
    for (const text of [`[${more}1]`, `[1${more}]`, `[1,${more}2]`, `[1]${more}`, `[]${more}`]) {
      assert.equal(readAll(text, { bytesMax: 8 }).at(-1), "too many space", text);
    }
    assert.equal(new JsonArrayReader(`${more}[]`, { ...LIMITS, bytesMax: 8 }).isArray, false);
  });

  for (const [text, fault] of [
    ["[1,]", 3],
    ["[,1]", 1],
    ["[1 2]", 3],
    ["[1", 2],
    ["[", 1],
    ["[1]]", 3],
    ["[]x", 2],
  ] as const) {
    test(`up to the fault of ${JSON.stringify(text)} at ${fault}`, () => {
      assert.equal(readAll(text).at(-1), fault);
    });
  }

  test("with the same faults that a scan of the whole text finds", () => {
    const damage = fc.constantFrom("", ",", '"', "}", "]", "\\", "e", " ");
    const indent = fc.constantFrom(0, 2, "\t");
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), indent, fc.nat(), damage, (value, space, at, put) => {
        const text = JSON.stringify(value, null, space);
        const cut = 1 + (at % text.length);
        const damaged = text.slice(0, cut) + put + text.slice(cut + 1);
        const last = readAll(damaged).at(-1) ?? null;
        assert.equal(typeof last === "number" ? last : null, findJsonFault(damaged), damaged);
      }),
      { numRuns: 1000 },
    );
  });
});
