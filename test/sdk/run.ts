import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import {
  buildGo,
  clientsOf,
  installPython,
  installTypeScript,
  requireRuntimes,
  runOwnTests,
  versions,
} from "./clients.ts";
import { contract } from "./contract.ts";
import { Driver } from "./driver.ts";
import { frameworks, installExamples } from "./frameworks.ts";
import { outbox } from "./outbox.ts";
import { packages } from "./package.ts";
import { prepareServer } from "./prepare-server.ts";

/**
 * Tests the clients in `clients/` on their real runtimes against a running server: each client's own tests, and one
 * contract for all of them. Needs Python and Go.
 *
 *   npm run test:sdk
 */
requireRuntimes();
const folder = mkdtempSync(join(tmpdir(), "opensend-sdk-"));
process.once("exit", () => rmSync(folder, { recursive: true, force: true }));

const [packageDir, python, goDriver] = await Promise.all([
  installTypeScript(folder),
  installPython(folder),
  buildGo(folder),
]);
/** Most tests wait, so running them concurrently takes a third of the time; more would wait for each other. */
const TESTS_PER_CLIENT = 3;

const settingOf = prepareServer();

describe("the clients", { concurrency: true }, () => {
  test("pass their own tests", () => runOwnTests(python));

  test("have the project's version", () => {
    const project = JSON.parse(readFileSync(join(import.meta.dirname, "../../package.json"), "utf8")) as {
      version: string;
    };
    for (const [client, version] of Object.entries(versions(packageDir))) {
      assert.equal(version, project.version, client);
    }
  });

  for (const [index, { name, command }] of clientsOf(packageDir, python, goDriver).entries()) {
    describe(name, { concurrency: TESTS_PER_CLIENT }, () => {
      const place = settingOf(`client${index}`);
      let driver: Driver;
      before(() => {
        driver = new Driver(command, { cwd: folder });
      });
      after(() => driver.close());
      contract(() => driver, place);
    });
  }

  describe("the packages and examples", { concurrency: true }, () => {
    const place = settingOf("examples");
    const examples = installExamples(folder);
    frameworks(() => examples, place);
    outbox(folder, python, place);
    packages(folder, packageDir, python, place);
  });
});
