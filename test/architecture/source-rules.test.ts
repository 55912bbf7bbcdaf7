import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { pathToFileURL } from "node:url";
import { type Import, readImports } from "./read-imports.ts";
import { circularImports, unresolvedImports, upwardImports } from "./source-rules.ts";

const FLOORS = { core: 0, store: 1, api: 2, "main.ts": 2 };

/** A project with these files until the test ends; `importsOf` reads the imports of the given files. */
function project(t: TestContext, files: Readonly<Record<string, string>>) {
  const folder = mkdtempSync(join(tmpdir(), "opensend-tree-"));
  t.after(() => rmSync(folder, { recursive: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return { folder, importsOf: (...paths: string[]): Import[] => readImports(folder, paths) };
}

const findUpwardImports = (imports: readonly Import[]) => upwardImports(imports, FLOORS, "main.ts");

describe("an upward import is found", () => {
  const spellings: Readonly<Record<string, string>> = {
    "a re-export": `export { open } from "../store/open.ts";`,
    "a re-export of everything": `export * from "../store/open.ts";`,
    "a type": `import type { Open } from "../store/open.ts";`,
    "a type in an expression": `export type Open = import("../store/open.ts").Open;`,
    "a side effect": `import "../store/open.ts";`,
    "several lines": `import {\n  open,\n} from\n  '../store/open.ts'`,
    "a call": `export const load = () => import("../store/open.ts");`,
    "a call with a template": "export const load = () => import(`../store/open.ts`);",
    "a call of require": `export const open = require("../store/open.ts");`,
    "an assignment": `import open = require("../store/open.ts");`,
    "a reference": `/// <reference path="../store/open.ts" />`,
    "the file of a worker": `export const file = new URL("../store/open.ts", import.meta.url);`,
    "a worker's file without its extension": `export const file = new URL(\`../store/open\${extname(import.meta.url)}\`, import.meta.url);`,
    "a folder": `import { open } from "../store";`,
    "a folder with a slash": `import { open } from "../store/";`,
    "no extension": `import { open } from "../store/open";`,
    "the extension it is built with": `import { open } from "../store/open.js";`,
    "a detour": `import { open } from "../core/../../src/./store/open.ts";`,
    "a query": `import { open } from "../store/open.ts?fresh";`,
    "an escape": `import { open } from "../st%6Fre/open.ts";`,
    "a name of the package": `import { open } from "#open";`,
    "a link": `import { open } from "./linked.ts";`,
  };
  for (const [name, text] of Object.entries(spellings)) {
    it(`when it is written as ${name}`, (t) => {
      const { folder, importsOf } = project(t, {
        "package.json": JSON.stringify({ type: "module", imports: { "#open": "./src/store/open.ts" } }),
        "src/core/event.ts": text,
        "src/store/open.ts": "export type Open = string; export const open = 1;",
        "src/store/index.ts": "export const open = 1;",
      });
      symlinkSync("../store/open.ts", join(folder, "src/core/linked.ts"));
      const found = findUpwardImports(importsOf("src/core/event.ts"));
      assert.equal(found.length, 1, "the import is found");
      assert.match(found[0] ?? "", /\(src\/store\/(open|index)\.ts\)$/);
    });
  }

  it("when it is an absolute path or URL", (t) => {
    const { folder, importsOf } = project(t, { "src/store/open.ts": "export const open = 1;" });
    const path = join(folder, "src/store/open.ts");
    mkdirSync(join(folder, "src/core"));
    for (const specifier of [path, pathToFileURL(path).href]) {
      writeFileSync(join(folder, "src/core/event.ts"), `import { open } from "${specifier}";`);
      assert.equal(findUpwardImports(importsOf("src/core/event.ts")).length, 1, specifier);
    }
  });

  it("when it leads to the same floor, a test, outside the sources or a folder without a floor", (t) => {
    const { importsOf } = project(t, {
      "src/api/app.ts": `import "../main.ts"; import "../store/open.test.ts"; import "../../test/until.ts"; import "../new/x.ts";`,
      "src/main.ts": `import "./api/app.ts";`,
      "src/store/open.test.ts": "",
      "src/new/x.ts": "",
      "test/until.ts": "",
    });
    assert.deepEqual(findUpwardImports(importsOf("src/api/app.ts", "src/main.ts")), [
      'src/api/app.ts imports "../store/open.test.ts" (src/store/open.test.ts)',
      'src/api/app.ts imports "../../test/until.ts" (test/until.ts)',
      'src/api/app.ts imports "../new/x.ts" (src/new/x.ts)',
      'src/main.ts imports "./api/app.ts" (src/api/app.ts)',
    ]);
  });
});

it("an import from a lower floor, the own folder or a package is allowed", (t) => {
  const { importsOf } = project(t, {
    "src/api/app.ts": `import "../core/event.ts"; import "./routes.ts"; import { test } from "test-package"; import "node:fs";`,
    "src/api/routes.ts": "",
    "src/core/event.ts": "",
    "node_modules/test-package/package.json": JSON.stringify({ name: "test-package", main: "index.js" }),
    "node_modules/test-package/index.js": "",
  });
  const imports = importsOf("src/api/app.ts");
  assert.deepEqual(findUpwardImports(imports), []);
  assert.deepEqual(
    imports.flatMap(({ to }) => (to.kind === "module" ? [to.name] : [])),
    ["test-package", "fs"],
  );
});

it("an unresolved or computed import is found", (t) => {
  const { importsOf } = project(t, {
    "src/core/event.ts": `import "./gone.ts"; import "no-such-package"; import("../store/" + name); import "./a%2Fb.ts";`,
  });
  assert.deepEqual(
    unresolvedImports(importsOf("src/core/event.ts")).map((text) => text.split(" imports ")[1]),
    [
      '"./gone.ts" (unknown)',
      '"no-such-package" (unknown)',
      '""../store/" + name" (unknown)',
      '"./a%2Fb.ts" (unknown)',
    ],
  );
});

describe("a circular import", () => {
  const files = (back: string) => ({
    "src/core/index.ts": `export { b } from "./b.ts";`,
    "src/core/b.ts": `import { c } from "./c.js";`,
    "src/core/c.ts": back,
  });

  it("is found with any kind of specifier", (t) => {
    const { importsOf } = project(t, files(`import { b } from ".";`));
    assert.deepEqual(circularImports(importsOf("src/core/index.ts", "src/core/b.ts", "src/core/c.ts")), [
      "src/core/index.ts → src/core/b.ts → src/core/c.ts → src/core/index.ts",
    ]);
  });

  it("is found when a type import accompanies a value import", (t) => {
    const back = `import type { B } from "./b.ts"; export const load = () => import("./b.ts");`;
    const { importsOf } = project(t, files(back));
    assert.deepEqual(circularImports(importsOf("src/core/b.ts", "src/core/c.ts")), [
      "src/core/b.ts → src/core/c.ts → src/core/b.ts",
    ]);
  });

  it("is not reported when only a type import closes the circle", (t) => {
    const { importsOf } = project(t, files(`import type { B } from "./b.ts";`));
    assert.deepEqual(circularImports(importsOf("src/core/index.ts", "src/core/b.ts", "src/core/c.ts")), []);
  });
});
