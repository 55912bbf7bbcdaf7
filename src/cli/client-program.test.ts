import assert from "node:assert/strict";
import { globSync } from "node:fs";
import { isBuiltin } from "node:module";
import { join } from "node:path";
import { describe, it } from "node:test";
import { CLIENT_COMMANDS, isClientCommand } from "../../bin/is-client-command.js";
import { readImports } from "../../test/architecture/read-imports.ts";
import { createClientProgram } from "./client-program.ts";

const PROJECT_DIR = join(import.meta.dirname, "..", "..");
/** Modules that commands calling a server can load: pure values, and code that reads options and writes requests. */
const LIGHT = /^src\/(?:cli|domain|crypto|connectors\/webhook|config|version\.ts)/;
/** Packages they can load: for the command line, files of connections, and addresses in options. */
const LIGHT_PACKAGES = ["commander", "ipaddr.js", "yaml"];

describe("the commands that call a server", () => {
  it("are exactly those in the separate bundle", () => {
    assert.deepEqual(
      createClientProgram()
        .commands.map((command) => command.name())
        .sort(),
      [...CLIENT_COMMANDS].sort(),
    );
  });

  it("load nothing of the server", () => {
    const sources = globSync("src/**/*.ts", { cwd: PROJECT_DIR }).filter(
      (path) => !path.endsWith(".test.ts"),
    );
    const imports = Map.groupBy(readImports(PROJECT_DIR, sources), ({ from }) => from);
    const seen = new Set<string>();
    const heavy: string[] = [];
    const visit = (path: string) => {
      if (seen.has(path)) return;
      seen.add(path);
      if (!LIGHT.test(path)) heavy.push(path);
      for (const { to, isTypeOnly } of imports.get(path) ?? []) {
        if (isTypeOnly) continue;
        if (to.kind === "file") visit(to.path);
        const isPackage = to.kind === "module" && !isBuiltin(to.name);
        if (isPackage && !LIGHT_PACKAGES.includes(to.name)) heavy.push(`${path}: ${to.name}`);
      }
    };
    visit("src/cli/client-main.ts");
    assert.deepEqual(heavy, []);
  });
});

describe("isClientCommand", () => {
  for (const [args, expected] of [
    [["events", "list"], true],
    [["--env-file", "events", "start"], false],
    [["--env-file", "x", "events", "list"], true],
    [["--env-file=x", "listen"], true],
    [["start"], false],
    [["--help"], false],
    [["help", "events"], false],
    [[], false],
  ] as const) {
    it(`is ${expected} for "${args.join(" ")}"`, () => assert.equal(isClientCommand(args), expected));
  }
});
