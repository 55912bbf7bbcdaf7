import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { hasReference, substitute } from "./substitute.ts";

const VARIABLES: Readonly<Record<string, string>> = {
  URL: "https://a.example/x",
  TOKEN: "t$&{}: #",
  EMPTY: "",
};
const lookup = (name: string) => VARIABLES[name] ?? null;

function run(value: unknown): { value: unknown; problems: string[] } {
  const problems: string[] = [];
  return { value: substitute(value, lookup, problems), problems };
}

describe("substitute", () => {
  for (const [text, expected] of [
    ["${URL}", "https://a.example/x"],
    ["Bearer ${TOKEN}", "Bearer t$&{}: #"],
    ["${URL}${URL}", "https://a.example/xhttps://a.example/x"],
    ["$URL and $5", "$URL and $5"],
    ["$${URL}", "${URL}"],
    ["", ""],
  ] as const) {
    it(`replaces "${text}" with "${expected}"`, () =>
      assert.deepEqual(run(text), { value: expected, problems: [] }));
  }

  it("replaces in lists and members, and leaves other values unchanged", () => {
    const { value, problems } = run({ a: { b: ["${URL}", 1, null, true] }, c: 2 });
    assert.deepEqual(value, { a: { b: ["https://a.example/x", 1, null, true] }, c: 2 });
    assert.deepEqual(problems, []);
  });

  it("reports the place of an unset variable and of an invalid name", () => {
    const { problems } = run({ connections: { crm: { event_types: ["${MISSING}"], name: "${}" } } });
    assert.deepEqual(problems, [
      "connections.crm.event_types[0]: the environment variable MISSING is not set.",
      "connections.crm.name: ${…} must name an environment variable. Write $${ for a plain ${.",
    ]);
  });
});

describe("hasReference", () => {
  it("is true for variables, not for escaped text", () => {
    assert.deepEqual(["${URL}", "x ${A} y", "$${URL}", "plain"].map(hasReference), [
      true,
      true,
      false,
      false,
    ]);
  });
});
