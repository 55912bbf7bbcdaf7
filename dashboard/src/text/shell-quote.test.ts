import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { shellQuote } from "./shell-quote.ts";

test("passes any text to a shell unchanged", () => {
  for (const text of ["plain", "it's", '$HOME `id` $(id) \\ "', "a\nb", "'''", ""]) {
    assert.equal(execFileSync("sh", ["-c", `printf %s ${shellQuote(text)}`], { encoding: "utf8" }), text);
  }
});
