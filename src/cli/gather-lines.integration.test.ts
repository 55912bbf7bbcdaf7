import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { describe, it } from "node:test";
import { gatherLines } from "./gather-lines.ts";

const MODULE = join(import.meta.dirname, "gather-lines.ts");

describe("gathered lines", () => {
  it("of one turn are written together in order, followed by those of the next turn", async () => {
    const written: string[] = [];
    const lines = gatherLines({ write: (text) => written.push(text) });
    lines.write("a\n");
    lines.write("b\n");
    assert.deepEqual(written, []);
    await new Promise((resolve) => setImmediate(resolve));
    lines.write("c\n");
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(written, ["a\nb\n", "c\n"]);
  });

  for (const [how, end] of [
    ["exits", "process.exit(3)"],
    ["crashes", "throw new Error('unexpected')"],
    ["ends normally", ""],
  ] as const) {
    it(`are all written when the process ${how}`, async () => {
      const script = `
        import { gatherLines } from ${JSON.stringify(MODULE)};
        const lines = gatherLines(process.stdout);
        for (let line = 0; line < 5000; line++) lines.write("line " + line + "\\n");
        ${end}`;
      const child = spawn(process.execPath, ["--input-type=module", "--eval", script], {
        stdio: ["ignore", "pipe", "ignore"],
      });
      let output = "";
      child.stdout.on("data", (chunk: Buffer) => {
        output += chunk.toString("utf8");
      });
      await new Promise((resolve) => child.once("close", resolve));
      const expected = Array.from({ length: 5000 }, (_, line) => `line ${line}\n`).join("");
      assert.equal(output, expected);
    });
  }
});
