import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { stripVTControlCharacters } from "node:util";
import { needs } from "../support/needs.ts";
import { startServer } from "../support/server.ts";
import { until } from "../support/until.ts";

const PROGRAM = join(import.meta.dirname, "..", "..", "bin", "opensend.js");

describe("the log", () => {
  const skip = needs("script");

  /** Starts the server on its own terminal, stops it, and returns the terminal's output up to the setup link. */
  async function onTerminal(environment: Record<string, string>): Promise<string> {
    const dataDir = mkdtempSync(join(tmpdir(), "opensend-test-"));
    const command = `exec '${process.execPath}' '${PROGRAM}' start`;
    const { PATH } = process.env;
    const terminal = spawn("script", ["-qec", command, "/dev/null"], {
      env: { PATH, TERM: "xterm", PORT: "0", OPENSEND_DATA_DIR: dataDir, ...environment },
      stdio: ["pipe", "pipe", "ignore"],
    });
    let output = "";
    terminal.stdout.on("data", (chunk: Buffer) => {
      output += chunk.toString("utf8");
    });
    await until(() => /setup\?token=\S+\s*\n/.test(output), "the setup link is shown");
    const shown = output;
    // Ctrl-C.
    terminal.stdin.write("\u0003");
    await once(terminal, "close");
    rmSync(dataDir, { recursive: true, force: true });
    return shown.replaceAll("\r\n", "\n");
  }

  it("is human-readable and colored on a terminal, and ends with the setup link on its own line", {
    skip,
  }, async () => {
    const shown = await onTerminal({});
    assert.ok(shown.includes("\u001b["), "colors");
    const lines = stripVTControlCharacters(shown).trimEnd().split("\n");
    assert.match(lines.join("\n"), /^\[\d\d:\d\d:\d\d\] INFO: listening \{"version":/m);
    assert.doesNotMatch(lines.join("\n"), /^\{/m);
    assert.match(lines.at(-1) ?? "", /^Create the owner's account: http:\S+$/);
    assert.equal(lines.at(-2), "");
  });

  it("has no colors with NO_COLOR, and is JSON with LOG_FORMAT=json", { skip }, async () => {
    assert.ok(!(await onTerminal({ NO_COLOR: "1" })).includes("\u001b["));
    const json = await onTerminal({ LOG_FORMAT: "json" });
    assert.match(json, /^\{"level":30,.*"msg":"listening"\}$/m);
  });

  it("is JSON elsewhere, with the options in effect, and human-readable with LOG_FORMAT=pretty", async () => {
    const server = await startServer();
    await server.stop();
    assert.match(
      server.output(),
      /^\{"level":30,.*"options":\{"NODE_ENV":"development",.*"msg":"listening"\}$/m,
    );
    const pretty = await startServer({ LOG_FORMAT: "pretty" });
    await pretty.stop();
    assert.match(pretty.output(), /^\[\d\d:\d\d:\d\d\] INFO: stopped$/m);
  });
});
