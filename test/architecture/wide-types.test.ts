import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { it } from "node:test";
import { wideTypes } from "./wide-types.ts";

it("finds dependency types with too many members, and no others", (t) => {
  const folder = mkdtempSync(join(tmpdir(), "opensend-types-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const text = `
export type WideDeps = { a: 1; b: 2; c: () => void };
type FitsDeps = { a: 1; b: { c: 1; d: 2; e: 3 } };
type Row = { a: 1; b: 2; c: 3 };
`;
  writeFileSync(join(folder, "wide.ts"), text);
  assert.deepEqual(wideTypes(folder, ["wide.ts"], 2), ["wide.ts: WideDeps has 3 members"]);
});
