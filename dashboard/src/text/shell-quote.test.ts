import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { shellQuote } from "./shell-quote.ts";

test("gives a shell exactly the text, whatever is in it", () => {
  for (const text of ["plain", "it's", '$HOME `id` $(id) \\ "', "a\nb", "'''", ""]) {
    assert.equal(execFileSync("sh", ["-c", `printf %s ${shellQuote(text)}`], { encoding: "utf8" }), text);
  }
});
