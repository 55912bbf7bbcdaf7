import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { type HeaderDraft, NEW_HEADER } from "./header-draft.ts";
import { findDraftFault, headerChanges, repeatedNames } from "./header-drafts.ts";
import { storedHeader } from "./settings/settings-values.ts";

const header = (name: string, value: string): HeaderDraft => ({ ...NEW_HEADER, name, value });
const basic = (user: string, value: string): HeaderDraft => ({ ...NEW_HEADER, kind: "basic", user, value });
const bearer = (value: string): HeaderDraft => ({ ...NEW_HEADER, kind: "bearer", value });

suite("entered headers", () => {
  test("are sent by name, with Basic and Bearer as Authorization", () => {
    assert.deepEqual(headerChanges([header(" X-Api-Key ", " abc ")]), { "X-Api-Key": "abc" });
    assert.deepEqual(headerChanges([basic("ada", "pä:ss")]), {
      Authorization: `Basic ${Buffer.from("ada:pä:ss").toString("base64")}`,
    });
    assert.deepEqual(headerChanges([bearer("Bearer tok_1 ")]), { Authorization: "Bearer tok_1" });
  });

  test("keep, replace or remove a stored header", () => {
    const stored = storedHeader("X-Old");
    assert.deepEqual(headerChanges([stored]), {});
    assert.deepEqual(headerChanges([{ ...stored, value: "new" }]), { "X-Old": "new" });
    assert.deepEqual(headerChanges([{ ...stored, isRemoved: true }]), { "X-Old": null });
  });

  test("do not include a new header that was removed again", () => {
    assert.deepEqual(headerChanges([{ ...header("X-New", "1"), isRemoved: true }]), {});
  });

  test("can replace a removed header with one of the same name in another case", () => {
    const removed = { ...storedHeader("authorization"), isRemoved: true };
    assert.deepEqual(headerChanges([removed, bearer("tok")]), { Authorization: "Bearer tok" });
    assert.deepEqual(repeatedNames([removed, bearer("tok")]), []);
  });
});

suite("the fault found in a header", () => {
  const ROWS: readonly [what: string, draft: HeaderDraft, field: string | null][] = [
    ["nothing", header("X-A", "1"), null],
    ["nothing for an unchanged stored header", storedHeader("X-A"), null],
    ["an empty name", header("", "1"), "name"],
    ["a whole header line as the name", header("Authorization: x", "1"), "name"],
    ["the name of a header that OpenSend sets", header("webhook-id", "1"), "name"],
    ["an empty value", header("X-A", " "), "value"],
    ["a line break", header("X-A", "1\n2"), "value"],
    ["a value that cannot be sent", header("X-A", "✓"), "value"],
    ["an invalid value for a stored header", { ...storedHeader("X-A"), value: "✓" }, "value"],
    ["an empty user", basic("", "pass"), "user"],
    ["a user with a colon", basic("a:b", "pass"), "user"],
    ["nothing for a password beyond ASCII", basic("ada", "✓"), null],
    ["nothing for a user without a password", basic("sk_live", ""), null],
    ["an empty token", bearer("Bearer "), "value"],
    ["a token with a space", bearer("a b"), "value"],
  ];
  for (const [what, draft, field] of ROWS) {
    test(`is ${what}`, () => assert.equal(findDraftFault(draft)?.field ?? null, field));
  }

  test("is a name that another header has", () => {
    assert.deepEqual(repeatedNames([storedHeader("authorization"), bearer("x"), basic("a", "b")]), [1, 2]);
  });
});
