import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { type ScanLimits, type ScannedValue, scanJson } from "./scan-json.ts";

const WIDE: ScanLimits = {
  bytesMax: 1_000_000,
  levelsMax: 1000,
  membersMax: 100_000,
  namesOfObjectMax: 100_000,
  namesMax: 100_000,
};

function scanned(text: string, limits: ScanLimits = WIDE): ScannedValue {
  const value = scanJson(text, limits);
  assert.ok(value.faultAt === null, `a fault at ${value.faultAt}`);
  assert.ok(value.excess === null, `too many ${value.excess}`);
  return value;
}

function depthOf(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}

const indent = fc.constantFrom(0, 2, "\t");

suite("a scan of one value", () => {
  test("returns the top-level members with decoded names and unchanged values", () => {
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

  test("returns members only for an object", () => {
    for (const text of ["[]", '[{"a":1}]', '"a"', "1", "null"])
      assert.equal(scanned(text).members, null, text);
    assert.deepEqual(scanned("{}").members, []);
  });

  test("agrees with the parser on members and depth, however the text is indented", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 5 })), indent, (value, space) => {
        const text = JSON.stringify(value, null, space);
        const { members, duplicates, start, end } = scanned(text);
        assert.deepEqual(
          members?.map(({ name, raw }) => [name, JSON.parse(raw)]),
          Object.entries(JSON.parse(text)),
        );
        const levelsMax = depthOf(value);
        assert.equal(scanJson(text, { ...WIDE, levelsMax }).faultAt, null);
        assert.deepEqual(scanJson(text, { ...WIDE, levelsMax: levelsMax - 1 }), exceeds("levels"));
        assert.deepEqual(duplicates, []);
        assert.equal(text.slice(start, end), text);
        for (const { raw, isCompact } of members ?? []) {
          assert.equal(isCompact, raw === JSON.stringify(JSON.parse(raw)));
        }
      }),
    );
  });
});

function exceeds(excess: string, path = "") {
  return { faultAt: null, excess, path };
}

suite("a scan stops", () => {
  const stopped = (text: string, limits: Partial<ScanLimits>) => scanJson(text, { ...WIDE, ...limits });

  test("at the limit of a value's bytes, not of its characters", () => {
    const text = '{"é":"€𝄞"}';
    const bytesMax = Buffer.byteLength(text);
    assert.equal(stopped(` ${text} `, { bytesMax }).faultAt, null);
    assert.deepEqual(stopped(text, { bytesMax: bytesMax - 1 }), exceeds("bytes"));
    for (const long of ['"xxxx"', "[1234567]", "[      ]", '{"a":1}', '{"a"       ']) {
      assert.deepEqual(stopped(long, { bytesMax: 5 }), exceeds("bytes"), long);
    }
  });

  test("at the limit of an object's names, and says which object it is", () => {
    const text = '{"data":{"items":[{},{"a":1,"b":2,"c":3}]}}';
    assert.equal(stopped(text, { namesOfObjectMax: 3 }).faultAt, null);
    assert.deepEqual(stopped(text, { namesOfObjectMax: 2 }), exceeds("names of an object", "data.items.1"));
    // Three names of its own, and two on the path to it.
    assert.equal(stopped(text, { namesMax: 5 }).faultAt, null);
    assert.deepEqual(stopped(text, { namesMax: 4 }), exceeds("names"));
  });

  test("at the limit of the value's own members, not of nested ones", () => {
    const text = '{"a":{"a":1,"b":2,"c":3},"b":2}';
    assert.equal(stopped(text, { membersMax: 2 }).faultAt, null);
    assert.deepEqual(stopped(text, { membersMax: 1 }), exceeds("members"));
    assert.deepEqual(stopped('{"a":1,"a":1,"a":1}', { membersMax: 2 }), exceeds("members"));
  });

  test("at a fault before a limit, and at a limit before a fault", () => {
    assert.deepEqual(stopped("[1,oops,2,3]", { bytesMax: 5 }), { faultAt: 3 });
    assert.deepEqual(stopped("[1,2,3,oops]", { bytesMax: 5 }), exceeds("bytes"));
  });
});

suite("duplicate names", () => {
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

  test("are found anywhere", () => {
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

  test("are shortened and limited in number, however long and deeply nested they are", () => {
    const long = JSON.stringify("n".repeat(5000));
    const twice = `{${'"b":1,'.repeat(50_000)}"b":1}`;
    const far = scanned(`${`{${long}:`.repeat(50)}${twice}${"}".repeat(50)}`);
    assert.ok(far.duplicates.length > 0 && far.duplicates.length <= 20);
    for (const path of far.duplicates) assert.ok(path.length <= 300);
    assert.ok(far.duplicates[0]?.startsWith(`${"n".repeat(100)}.${"n".repeat(100)}.`));
  });
});
