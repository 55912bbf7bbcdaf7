import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import type { Command } from "commander";
import { createProgram } from "../src/cli/program.ts";

const PROJECT_DIR = join(import.meta.dirname, "..");
/** The width of help without a terminal. */
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

/** The executable commands, without those that only group others. */
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
