import assert from "node:assert/strict";
import { cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { startExample } from "../support/example.ts";
import { CLIENTS_DIR, packTypeScript, run } from "./clients.ts";
import { contract } from "./contract.ts";
import { Driver } from "./driver.ts";
import { checkReceiver } from "./frameworks.ts";
import { prepareServer } from "./prepare-server.ts";

/**
 * Runs the contract of the TypeScript client on Bun, Deno and Node 20, and the Next.js example in a built app. Installs all
 * of them from npm.
 *
 *   npm run test:runtimes
 */
const VERSIONS = { node: "20", bun: "1.4.5", deno: "2.9.6", next: "16.4.6", react: "19.3.1" };
const PAGE = join(import.meta.dirname, "..", "..", "docs", "sdks.md");
const TESTS_OF_A_CLIENT = 3;
const BUILD_TIMEOUT_MS = 240_000;

const folder = mkdtempSync(join(tmpdir(), "opensend-runtimes-"));
process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
await install();

const settingOf = prepareServer();

for (const [index, { name, command }] of runtimes().entries()) {
  for (const format of ["esm", "cjs"]) {
    describe(`the TypeScript client on ${name}, ${format}`, { concurrency: TESTS_OF_A_CLIENT }, () => {
      const place = settingOf(`runtime${index}${format}`);
      let driver: Driver;
      before(() => {
        const client = join(folder, "node_modules/@opensend/client/dist", format, "index.js");
        driver = new Driver([...command, join(folder, "driver.mjs"), client], { cwd: folder });
      });
      after(() => driver.close());
      contract(() => driver, place);
    });
  }
}

describe("Next.js", { timeout: BUILD_TIMEOUT_MS }, () => {
  const place = settingOf("next");

  test("takes a delivery in an app that is built, and refuses one that was changed", async (t) => {
    const app = join(folder, "app", "webhooks");
    mkdirSync(app, { recursive: true });
    cpSync(join(CLIENTS_DIR, "typescript/examples/next/route.ts"), join(app, "route.ts"));
    const next = join(folder, "node_modules/next/dist/bin/next");
    const quiet = { NEXT_TELEMETRY_DISABLED: "1" };
    await run(process.execPath, [next, "build"], folder, { ...process.env, ...quiet });
    const args = [next, "start", folder, "--hostname", "127.0.0.1"];
    const listens = /Local: +http:\/\/127\.0\.0\.1:(\d+)\n/;
    const example = await startExample(process.execPath, args, place().secret, quiet, listens);
    t.after(() => example.stop());
    await checkReceiver(example, place());
  });
});

test("the documentation names the versions that are tested", () => {
  const page = readFileSync(PAGE, "utf8");
  const minor = (version: string) => version.split(".").slice(0, 2).join(".");
  for (const tested of [
    `Node ${VERSIONS.node}`,
    `Bun ${minor(VERSIONS.bun)}`,
    `Deno ${minor(VERSIONS.deno)}`,
    `Next.js ${minor(VERSIONS.next)}`,
  ]) {
    assert.ok(page.includes(tested), tested);
  }
});

/** Installs the packed client as a user would, without running install scripts. */
async function install(): Promise<void> {
  const archive = await packTypeScript(folder);
  writeFileSync(join(folder, "package.json"), '{"private":true}');
  const wanted = [
    archive,
    `node-${process.platform}-${process.arch}@${VERSIONS.node}`,
    `bun@${VERSIONS.bun}`,
    `deno@${VERSIONS.deno}`,
    `next@${VERSIONS.next}`,
    `react@${VERSIONS.react}`,
    `react-dom@${VERSIONS.react}`,
    "typescript@6",
    "@types/node@24",
    "@types/react@19",
  ];
  await run("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund", ...wanted], folder);
  const driver = readFileSync(join(import.meta.dirname, "drivers", "typescript.ts"), "utf8");
  // Node 20 cannot run TypeScript.
  writeFileSync(join(folder, "driver.mjs"), stripTypeScriptTypes(driver));
}

/** The binaries themselves: the usual launchers are written by install scripts, which do not run. */
function runtimes(): { readonly name: string; readonly command: readonly string[] }[] {
  const program = (pattern: string) => {
    const [path] = globSync(pattern, { cwd: join(folder, "node_modules") });
    assert.ok(path, `${pattern} is not in the packages for ${process.platform}, ${process.arch}.`);
    return join(folder, "node_modules", path);
  };
  // Only the permissions that the client needs, so that a further need fails the test.
  const permissions = [
    "--no-prompt",
    "--allow-net",
    "--allow-env=OPENSEND_URL,OPENSEND_API_KEY",
    "--allow-read",
  ];
  return [
    { name: `Node ${VERSIONS.node}`, command: [program("node-*/bin/node")] },
    { name: `Bun ${VERSIONS.bun}`, command: [program("@oven/bun-*/bin/bun")] },
    { name: `Deno ${VERSIONS.deno}`, command: [program("@deno/*/deno"), "run", ...permissions] },
  ];
}
