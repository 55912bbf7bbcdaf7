import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { matchesTag, parseEntityTags, readVersionCheck } from "./entity-tag.ts";

suite("a list of entity tags", () => {
  for (const [header, tags] of [
    ["*", "*"],
    [" * ", "*"],
    ['"3"', ['"3"']],
    ['W/"3"', ['W/"3"']],
    ['"1", W/"2" ,"3"', ['"1"', 'W/"2"', '"3"']],
    ['"1",,"2",', ['"1"', '"2"']],
    ['"a,b"', ['"a,b"']],
    ['""', ['""']],
    ["3", null],
    ["", null],
    [",", null],
    ['"3', null],
    ['w/"3"', null],
    ['"3" "4"', null],
    ['*, "3"', null],
    ['"a b"', null],
  ] as const) {
    test(`parses ${header} as ${JSON.stringify(tags)}`, () =>
      assert.deepEqual(parseEntityTags(header), tags));
  }

  test("is parsed in linear time", () => {
    const startedAt = performance.now();
    parseEntityTags(`${'"1",'.repeat(8000)} x`);
    parseEntityTags(`"1"${" ".repeat(30_000)}x`);
    assert.ok(performance.now() - startedAt < 1000);
  });
});

suite("comparing entity tags", () => {
  test("never matches a weak tag strongly, and matches both kinds weakly (RFC 9110, 8.8.3.2)", () => {
    for (const [one, other, strong, weak] of [
      ['W/"1"', 'W/"1"', false, true],
      ['W/"1"', 'W/"2"', false, false],
      ['W/"1"', '"1"', false, true],
      ['"1"', '"1"', true, true],
    ] as const) {
      assert.equal(matchesTag([one], other, "strong"), strong);
      assert.equal(matchesTag([one], other, "weak"), weak);
    }
  });
});

suite("whether a version may be changed", () => {
  for (const [headers, version, may] of [
    [{}, 3, true],
    [{ "if-match": '"3"' }, 3, true],
    [{ "if-match": '"3"' }, 4, false],
    [{ "if-match": '"2", "3"' }, 3, true],
    [{ "if-match": 'W/"3"' }, 3, false],
    [{ "if-match": "*" }, 3, true],
    [{ "if-match": '"unknown"' }, 3, false],
    [{ "if-none-match": "*" }, 3, false],
    [{ "if-none-match": '"3"' }, 3, false],
    [{ "if-none-match": 'W/"3"' }, 3, false],
    [{ "if-none-match": '"2"' }, 3, true],
    [{ "if-match": '"3"', "if-none-match": '"3"' }, 3, false],
  ] as const) {
    test(`${JSON.stringify(headers)} and version ${version}: ${may}`, () => {
      assert.equal(readVersionCheck({ headers })(version), may);
    });
  }

  test("is refused with an explanation if the header contains no tag", () => {
    assert.throws(() => readVersionCheck({ headers: { "if-match": "3" } }), /quotation marks/);
  });
});
