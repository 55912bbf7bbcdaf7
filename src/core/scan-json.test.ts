import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { COMPARED_LEVELS_MAX, type ScannedValue, scanJson, scanJsonArray } from "./scan-json.ts";

function scanned(text: string): ScannedValue {
  const value = scanJson(text);
  assert.ok(value.faultAt === null, `a fault at ${value.faultAt}`);
  return value;
}

function depthOf(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}

const indent = fc.constantFrom(0, 2, "\t");

suite("a scan of one value", () => {
  test("gives the top-level members with names decoded and values as they stand", () => {
    assert.deepEqual(scanned(' {"a" : 1.0 , "\\u0062\\n":[ 1, {"x":"}"} ],"":{}, "a":"\\u00e9"} ').members, [
      { name: "a", raw: "1.0", isCompact: true },
      { name: "b\n", raw: '[ 1, {"x":"}"} ]', isCompact: false },
      { name: "", raw: "{}", isCompact: true },
      { name: "a", raw: '"\\u00e9"', isCompact: true },
    ]);
  });

  test("says where the value starts and ends", () => {
    const { start, end } = scanned("\n {} \t");
    assert.deepEqual([start, end], [2, 4]);
  });

  test("gives no members for anything but an object", () => {
    for (const text of ["[]", '[{"a":1}]', '"a"', "1", "null"])
      assert.equal(scanned(text).members, null, text);
    assert.deepEqual(scanned("{}").members, []);
  });

  test("agrees with the parser on members and depth, however the text is indented", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 5 })), indent, (value, space) => {
        const text = JSON.stringify(value, null, space);
        const { members, depth, duplicates, start, end } = scanned(text);
        assert.deepEqual(
          members?.map(({ name, raw }) => [name, JSON.parse(raw)]),
          Object.entries(JSON.parse(text)),
        );
        assert.equal(depth, depthOf(value));
        assert.deepEqual(duplicates, []);
        assert.equal(text.slice(start, end), text);
        for (const { raw, isCompact } of members ?? []) {
          assert.equal(isCompact, raw === JSON.stringify(JSON.parse(raw)));
        }
      }),
    );
  });

  test("counts levels beyond those whose names it compares", () => {
    const levels = 3 * COMPARED_LEVELS_MAX;
    assert.equal(scanned(`${'{"a":['.repeat(levels)}0${"]}".repeat(levels)}`).depth, 2 * levels);
  });
});

suite("names that stand twice", () => {
  const ROWS: readonly [text: string, paths: readonly string[]][] = [
    ['{"a":1,"a":2}', ["a"]],
    ['{"a":1,"\\u0061":2}', ["a"]],
    ['{"data":{"items":[{"sku":1},{"sku":1,"n":2,"sku":3}]}}', ["data.items.1.sku"]],
    ['[[0],[1,{"a":1,"a":1}]]', ["1.1.a"]],
    ['{"a":{"b":1,"b":2},"c":3,"a":4}', ["a.b", "a"]],
    ['{"__proto__":1,"__proto__":2}', ["__proto__"]],
    ['{"":1,"":2}', [""]],
    ['{"a":{"a":{"a":1}},"b":[{"a":1},{"a":2}]}', []],
    ['{"a":1,"A":2,"a ":3,"\u00e9":4,"e\u0301":5}', []],
  ];
  for (const [text, paths] of ROWS) {
    test(`in ${text} are ${JSON.stringify(paths)}`, () => assert.deepEqual(scanned(text).duplicates, paths));
  }

  test("are found wherever one is put", () => {
    const paths = fc.array(fc.oneof(fc.nat(3), fc.string({ minLength: 1, maxLength: 5 })), { maxLength: 6 });
    fc.assert(
      fc.property(paths, fc.string({ maxLength: 5 }), fc.jsonValue(), (path, name, value) => {
        const key = JSON.stringify(name);
        let text = `{${key}:${JSON.stringify(value)},${key}:1}`;
        for (const step of path.toReversed()) {
          text =
            typeof step === "number"
              ? `[${"{},".repeat(step)}${text}]`
              : `{"other-name":0,${JSON.stringify(step)}:${text}}`;
        }
        assert.deepEqual(scanned(text).duplicates, [[...path, name].join(".")]);
      }),
    );
  });

  test("are told a few at a time, in short, however long they are and however deep they stand", {
    timeout: 10_000,
  }, () => {
    const levels = 500_000;
    const long = JSON.stringify("n".repeat(5000));
    const twice = `{${'"b":1,'.repeat(levels)}"b":1}`;
    const deep = scanned(`${'{"a":'.repeat(levels)}${twice}${"}".repeat(levels)}`);
    assert.deepEqual(deep.duplicates, []);
    const far = scanned(`${`{${long}:`.repeat(50)}${twice}${"}".repeat(50)}`);
    assert.ok(far.duplicates.length > 0 && far.duplicates.length <= 20);
    for (const path of far.duplicates) assert.ok(path.length <= 300);
    assert.ok(far.duplicates[0]?.startsWith(`${"n".repeat(100)}.${"n".repeat(100)}.`));
  });
});

suite("a scan of an array", () => {
  const items = (text: string, itemsMax = 10) => {
    const scan = scanJsonArray(text, itemsMax);
    assert.ok(scan.faultAt === null, `a fault at ${scan.faultAt}`);
    return scan.items?.map(({ start, end }) => text.slice(start, end)) ?? null;
  };

  test("gives each element", () => {
    assert.deepEqual(items(' [ {"a":[1]} , [ ] ,"]", 5 ] '), ['{"a":[1]}', "[ ]", '"]"', "5"]);
    assert.deepEqual(items("[]"), []);
    assert.deepEqual(items(" [\n] "), []);
  });

  test("gives no items for another value", () => {
    for (const text of ["{}", '{"a":[]}', "1", '"[]"', "null"]) assert.equal(items(text), null, text);
  });

  test("judges depth and names of each element by itself", () => {
    const scan = scanJsonArray('[{"a":1},{"a":1,"a":[]}]', 10);
    assert.ok(scan.faultAt === null);
    assert.deepEqual(
      scan.items?.map(({ depth, duplicates }) => [depth, duplicates]),
      [
        [1, []],
        [2, ["a"]],
      ],
    );
  });

  test("stops one element after the most", () => {
    assert.equal(items("[1,2,3]", 3)?.length, 3);
    assert.equal(items("[1,2,3,4,5]", 3)?.length, 4);
    assert.equal(items("[1,2,3,4,oops", 3)?.length, 4);
    assert.equal(scanJsonArray("[1,2,oops", 3).faultAt, 5);
  });

  for (const [text, fault] of [
    ["[1,]", 3],
    ["[,1]", 1],
    ["[1 2]", 3],
    ["[1", 2],
    ["[", 1],
    ["[1]]", 3],
    ["[]x", 2],
    ["{]", 1],
    ["", 0],
  ] as const) {
    test(`finds the fault of ${JSON.stringify(text)} at ${fault}`, () => {
      assert.equal(scanJsonArray(text, 10).faultAt, fault);
    });
  }

  test("finds the very faults that a scan of the whole finds", () => {
    const damage = fc.constantFrom("", ",", '"', "}", "]", "[", "\\", "e", " ");
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), indent, fc.nat(), damage, (value, space, at, put) => {
        const text = JSON.stringify(value, null, space);
        const cut = at % (text.length + 1);
        const damaged = text.slice(0, cut) + put + text.slice(cut + 1);
        assert.equal(scanJsonArray(damaged, 1000).faultAt, scanJson(damaged).faultAt, damaged);
      }),
      { numRuns: 1000 },
    );
  });
});
