import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { givenId, line, time } from "./shared.ts";

suite("a time in a query", () => {
  const READ: readonly [text: string, time: string][] = [
    ["2026-06-06T08:00:00Z", "2026-06-06T08:00:00.000Z"],
    ["2026-06-06T08:00Z", "2026-06-06T08:00:00.000Z"],
    ["2026-06-06T10:00:00+02:00", "2026-06-06T08:00:00.000Z"],
    ["2026-06-06T08:00:00.123456+0000", "2026-06-06T08:00:00.123Z"],
    ["2026-06-06T05:30:00-0230", "2026-06-06T08:00:00.000Z"],
  ];
  for (const [text, instant] of READ) {
    test(`accepts ${text}`, () => assert.equal(time.parse(text), instant));
  }

  for (const text of [
    "2026-06-06",
    "2026-06-06T08:00:00",
    "2026-02-30T08:00:00Z",
    "2026-06-06T08:00:00+2",
    "",
  ]) {
    test(`refuses ${JSON.stringify(text)}`, () => {
      const { error } = time.safeParse(text);
      assert.match(error?.issues[0]?.message ?? "", /^Must be a time with its zone/);
    });
  }
});

suite("an id in a request", () => {
  test("is case-insensitive", () => {
    const id = "0198c5f2-7c1e-7a54-9d3e-5b1f0c2a7e11";
    assert.equal(givenId.parse(id.toUpperCase()), id);
  });
});

suite("a line of text", () => {
  const name = line({ min: 1, max: 10 });
  test("counts the characters as sent, like the described maximum length", () => {
    assert.ok(name.safeParse("0123456789").success);
    assert.ok(!name.safeParse("012345678  ").success);
  });

  const pattern = new RegExp(name.meta()?.["pattern"] as string, "u");
  for (const text of [
    "a",
    "a b",
    " a ",
    "a\n",
    "é",
    "a\0b",
    "a\tb",
    "",
    " ",
    "\n",
    "a\u0085b",
    "\u00a0",
    "\u00a0a",
  ]) {
    test(`agrees with the described pattern about ${JSON.stringify(text)}`, () => {
      assert.equal(name.safeParse(text).success, pattern.test(text));
    });
  }
});
