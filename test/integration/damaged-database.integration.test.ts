import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { runCommand, startServer } from "../support/server.ts";

const UNREACHABLE_PROXY = { OPENSEND_OUTBOUND_PROXY: "http://127.0.0.1:9", PORT: "0" };

describe("a damaged database", () => {
  const folder = mkdtempSync(join(tmpdir(), "opensend-test-"));
  before(async () => {
    const server = await startServer({}, { dataDir: join(folder, "whole") });
    assert.equal(await server.stop(), 0);
  });
  after(() => rmSync(folder, { recursive: true }));

  const DAMAGES: readonly [what: string, damage: (file: string) => void][] = [
    ["whose header is overwritten", (file) => patch(file, 0, 100)],
    [
      "that is not a database",
      (file) => writeFileSync(file, "This is a text, and not a database at all.\n".repeat(9)),
    ],
    ["that is cut in half", (file) => truncateSync(file, Math.floor(statSync(file).size / 2))],
    ["that lacks its last byte", (file) => truncateSync(file, statSync(file).size - 1)],
    ["that is cut within its header", (file) => truncateSync(file, 50)],
    ["that is cut to nothing", (file) => truncateSync(file, 0)],
    ["whose schema is overwritten", (file) => patch(file, 100, 8000)],
    ["whose tables are overwritten", (file) => patch(file, 8192, statSync(file).size)],
  ];
  for (const [index, [what, damage]] of DAMAGES.entries()) {
    it(`${what} is reported by every command, with a fix and without a stack trace`, async () => {
      const dataDir = join(folder, String(index));
      cpSync(join(folder, "whole"), dataDir, { recursive: true });
      const file = join(dataDir, "opensend.db");
      damage(file);
      const left = readFileSync(file);
      for (const command of [
        ["start"],
        ["api-keys", "list"],
        ["migrate"],
        ["doctor"],
        ["backup", join(folder, "copy")],
      ]) {
        const run = await runCommand(command, { OPENSEND_DATA_DIR: dataDir, ...UNREACHABLE_PROXY });
        const output = run.stdout + run.stderr;
        assert.equal(run.code, 1, `${command}: ${output}`);
        assert.match(output, /damaged: .*\n?.*restore the latest backup/i, String(command));
        if (command[0] !== "doctor") assert.ok(output.includes(file), String(command));
        assert.doesNotMatch(output, /^ {4}at /m, String(command));
      }
      assert.ok(readFileSync(file).equals(left), "the file is left as it was");
    });
  }
});

function patch(file: string, from: number, to: number): void {
  const bytes = readFileSync(file);
  bytes.fill(0xa5, from, to);
  writeFileSync(file, bytes);
}
