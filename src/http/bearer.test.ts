import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { findSchemeFault, readBearer } from "./bearer.ts";

suite("an Authorization header", () => {
  test("has a token after Bearer, in any case and after any number of spaces", () => {
    for (const header of ["Bearer os_abc", "bearer os_abc", "BEARER   os_abc"]) {
      assert.equal(readBearer(header), "os_abc");
      assert.equal(findSchemeFault(header), null);
    }
  });

  for (const [header, words] of [
    ["os_verysecret", /`Bearer` is missing/],
    [" os_verysecret ", /`Bearer` is missing/],
    ["Bearer", /no key after it/],
    ["Bearer: os_verysecret", /exactly one space/],
    ["Bearer os_very secret", /exactly one space/],
    ['Bearer "os_verysecret"', /quotation marks/],
    ["Basic dmVyeXNlY3JldA==", /`Basic` .*`Bearer` is missing/],
    ["Token os_verysecret", /`Token` .*`Bearer` is missing/],
    ["verysecret", /`Bearer` is missing/],
    ["", /is empty/],
  ] as const) {
    test(`is explained without showing a secret: ${header || "empty"}`, () => {
      assert.equal(readBearer(header) === null || words.source.includes("quotation"), true);
      const fault = findSchemeFault(header) ?? "";
      assert.match(fault, words);
      assert.match(fault, /Bearer os_…/);
      assert.doesNotMatch(fault, /secret|dmVye/);
    });
  }
});
