import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { it } from "node:test";
import { longFunctions } from "./long-functions.ts";

it("finds functions, methods and closures with too many lines, and no others", (t) => {
  const folder = mkdtempSync(join(tmpdir(), "opensend-functions-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const text = `
/** A comment is no line of the function below it. */
export function long() {
  a();
  const short = () => {
  };
}
class Long {
  constructor() {
    a();
    b();
  }
  #method(): void {
    a();
    b();
  }
}
const closure = async () => {
  a();
  b();
};
const fits = function () {
  a();
};
const table = {
  a: 1,
  b: 2,
  c: 3,
};
`;
  writeFileSync(join(folder, "long.ts"), text.trimStart());
  assert.deepEqual(longFunctions(folder, ["long.ts"], 3), [
    "long.ts:2 has 5 lines",
    "long.ts:8 has 4 lines",
    "long.ts:12 has 4 lines",
    "long.ts:17 has 4 lines",
  ]);
});
