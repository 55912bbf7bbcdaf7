import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import type { Command } from "commander";
import { createProgram } from "../src/cli/program.ts";
import { setUpOwner } from "./support/api-client.ts";
import { needs } from "./support/needs.ts";
import { startTestReceiver } from "./support/receiver.ts";
import { startServer } from "./support/server.ts";

const PROJECT_DIR = join(import.meta.dirname, "..");
/** How wide help is where there is no terminal. */
const HELP_WIDTH = 80;
const read = (path: string) => readFileSync(join(PROJECT_DIR, path), "utf8");

describe("docs/cli.md", () => {
  const sections = new Map(
    [...read("docs/cli.md").matchAll(/^## (opensend[^\n]*)\n\n```text\n(.*?)\n```/gms)].map(
      ([, title = "", help = ""]) => [title, help],
    ),
  );
  const program = createProgram();
  const documented = [program, ...leavesOf(program)];

  test("has a section for each command", () => {
    assert.deepEqual([...sections.keys()], documented.map(titleOf));
  });

  for (const command of documented) {
    const title = titleOf(command);
    test(`shows what \`${title} --help\` prints`, () => assert.equal(sections.get(title), helpOf(command)));
  }
});

describe("the README", () => {
  const skip = needs("bash", "curl", "npm");

  test("has commands for the API that work as printed", { skip }, async (t) => {
    const server = await startServer();
    t.after(() => server.stop());
    await setUpOwner(server);
    const receiver = await startTestReceiver();
    t.after(() => receiver.close());

    const script = apiCommands()
      .replaceAll("http://127.0.0.1:3015", server.url)
      .replaceAll("http://127.0.0.1:4015", receiver.url);
    const output = await runScript(script, { OPENSEND_DATA_DIR: server.dataDir });

    assert.match(output, /"object":"integration_catalog"/);
    assert.match(output, /"object":"integration_test_event"/);
    assert.match(output, /"ok":true/);
    assert.match(output, /"object":"event".*"deliveries":1/);
    const deadline = Date.now() + 10_000;
    while (receiver.received.length < 2) {
      assert.ok(Date.now() < deadline, "the event that was accepted arrives");
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    for (const { headers } of receiver.received) assert.ok(headers["x-opensend-signature"]);
  });
});

/** The commands that do something, as against those that only group others. */
function leavesOf(command: Command): Command[] {
  return command.commands.length === 0 ? [command] : command.commands.flatMap(leavesOf);
}

function titleOf(command: Command): string {
  return command.parent === null ? command.name() : `${titleOf(command.parent)} ${command.name()}`;
}

function helpOf(command: Command): string {
  let text = "";
  command.configureOutput({
    getOutHelpWidth: () => HELP_WIDTH,
    writeOut: (part) => {
      text += part;
    },
  });
  command.outputHelp();
  return text.trimEnd();
}

function apiCommands(): string {
  const blocks = [...read("README.md").matchAll(/^```bash\n(.*?)^```/gms)].map(([, block = ""]) => block);
  const found = blocks.filter((block) => block.includes("curl "));
  assert.equal(found.length, 1, "the README has one block of calls");
  return found[0] ?? "";
}

/** What a script prints, and nothing else: it must not fail, nor complain. */
async function runScript(script: string, environment: Record<string, string>): Promise<string> {
  const { PATH, HOME, TMPDIR } = process.env;
  const child = spawn("bash", ["-euo", "pipefail", "-c", script], {
    cwd: PROJECT_DIR,
    env: { PATH, HOME, TMPDIR, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk: Buffer) => {
    stdout += chunk.toString("utf8");
  });
  child.stderr.on("data", (chunk: Buffer) => {
    stderr += chunk.toString("utf8");
  });
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  assert.equal(code, 0, stderr);
  return stdout;
}
