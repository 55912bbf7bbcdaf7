import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { runBundle } from "../../bin/run-bundle.js";
import { stampSources } from "../../bin/source-stamp.js";

const BIN = join(import.meta.dirname, "..", "..", "bin");

describe("bin/opensend.js", () => {
  let project = "";
  const write = (path: string, text: string) => writeFileSync(join(project, path), text);
  const run = (...args: string[]) =>
    execFileSync(process.execPath, ["--", join(project, "bin", "opensend.js"), ...args], {
      encoding: "utf8",
    });

  beforeEach(() => {
    project = mkdtempSync(join(tmpdir(), "opensend-bundle-"));
    cpSync(BIN, join(project, "bin"), { recursive: true });
    for (const folder of ["src/cli", "dist", "node_modules"]) {
      mkdirSync(join(project, folder), { recursive: true });
    }
    write("package.json", '{"type":"module"}');
    write("src/cli/main.ts", 'console.log("sources")');
    write("src/cli/client-main.ts", 'console.log("client sources")');
    write("dist/main.cjs", 'console.log("bundle")');
    write("dist/client.cjs", 'console.log("client bundle")');
    write("dist/source-stamp.txt", stampSources(project));
  });
  afterEach(() => rmSync(project, { recursive: true }));

  it("runs the bundle when it was built from these sources", () => {
    assert.equal(run(), "bundle\n");
  });

  it("runs the bundle in an installed package, which has no sources", () => {
    rmSync(join(project, "src"), { recursive: true });
    assert.equal(run(), "bundle\n");
  });

  it("runs the small client bundle, or its sources, for commands that call a server", () => {
    assert.equal(run("--env-file", "x", "events", "list"), "client bundle\n");
    assert.equal(run("start"), "bundle\n");
    rmSync(join(project, "dist"), { recursive: true });
    assert.equal(run("listen"), "client sources\n");
  });

  it("runs the sources when nothing was built", () => {
    rmSync(join(project, "dist"), { recursive: true });
    assert.equal(run(), "sources\n");
  });

  it("runs the sources when one of them became longer", () => {
    write("src/cli/main.ts", 'console.log("sources");');
    assert.equal(run(), "sources\n");
  });

  it("runs the sources when the modification time of one differs, even if it is earlier", () => {
    utimesSync(join(project, "src/cli/main.ts"), 1, 1);
    assert.equal(run(), "sources\n");
  });

  it("runs the sources when a file was added", () => {
    write("src/cli/program.ts", "");
    assert.equal(run(), "sources\n");
  });

  it("runs the sources when other packages were installed", () => {
    write("node_modules/.package-lock.json", "{}");
    assert.equal(run(), "sources\n");
  });

  it("runs the bundle after a change of a test", () => {
    write("src/cli/program.test.ts", "");
    assert.equal(run(), "bundle\n");
  });
});

describe("runBundle", () => {
  const ran: string[] = [];
  let folder = "";
  const write = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "opensend-bundle-"));
    ran.length = 0;
    Object.assign(globalThis, { ran });
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("runs the bundle once although its parts require it", () => {
    write("part.cjs", 'ran.push("part of " + require("./main.cjs").name);');
    const main = write("main.cjs", 'exports.name = "main"; ran.push(exports.name); require("./part.cjs");');
    runBundle(main, undefined);
    assert.deepEqual(ran, ["main", "part of main"]);
  });

  it("reuses the compiled code, including functions called later", () => {
    const main = write("main.cjs", "function work() { ran.push(work.name); } work();");
    runBundle(main, folder).cacheCode();
    assert.ok(existsSync(join(folder, "bundle.bin")));
    assert.equal(runBundle(main, folder).isCached, true);
    assert.deepEqual(ran, ["work", "work"]);
  });

  it("does not reuse the compiled code of another bundle of the same length", () => {
    runBundle(write("main.cjs", 'ran.push("old")'), folder).cacheCode();
    const bundle = runBundle(write("main.cjs", 'ran.push("new")'), folder);
    assert.equal(bundle.isCached, false);
    assert.deepEqual(ran, ["old", "new"]);
  });

  it("runs the bundle in a folder that cannot be written", () => {
    const bundle = runBundle(write("main.cjs", 'ran.push("main")'), join(folder, "missing"));
    bundle.cacheCode();
    assert.deepEqual(ran, ["main"]);
  });
});
