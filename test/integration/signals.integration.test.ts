import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { freePort, startServer } from "../support/server.ts";
import { until } from "../support/until.ts";

const PROJECT_DIR = join(import.meta.dirname, "..", "..");

describe("a signal to stop", () => {
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    it(`reaches the server through npm start: ${signal}`, async () => {
      const dataDir = mkdtempSync(join(tmpdir(), "opensend-test-"));
      const port = await freePort();
      const { PATH, HOME } = process.env;
      // Skips the builds, which other tests cover.
      const npm = spawn("npm", ["start", "--ignore-scripts"], {
        cwd: PROJECT_DIR,
        env: { PATH, HOME, PORT: String(port), OPENSEND_DATA_DIR: dataDir },
        stdio: ["ignore", "pipe", "pipe"],
      });
      let output = "";
      for (const pipe of [npm.stdout, npm.stderr]) {
        pipe.on("data", (chunk: Buffer) => {
          output += chunk.toString("utf8");
        });
      }
      await until(() => output.includes("is listening on"), "the server listens");
      const ended = once(npm, "close", { signal: AbortSignal.timeout(10_000) });
      npm.kill(signal);
      await ended;
      assert.match(output, /"msg":"stopped"/);
      await assert.rejects(fetch(`http://127.0.0.1:${port}/api/health`), "nothing listens any more");
      rmSync(dataDir, { recursive: true });
    });
  }

  it("stops a starting server in order", async () => {
    const dataDir = mkdtempSync(join(tmpdir(), "opensend-test-"));
    const server = spawn(process.execPath, ["bin/opensend.js", "start"], {
      cwd: PROJECT_DIR,
      env: { PATH: process.env["PATH"], PORT: "0", OPENSEND_DATA_DIR: dataDir },
      stdio: ["ignore", "pipe", "ignore"],
    });
    let log = "";
    server.stdout.on("data", (chunk: Buffer) => {
      log += chunk.toString("utf8");
    });
    await until(() => existsSync(join(dataDir, "opensend.db")), "the database is opened");
    server.kill("SIGTERM");
    assert.deepEqual(await once(server, "close"), [0, null]);
    assert.match(log, /"msg":"stopped"/);
    rmSync(dataDir, { recursive: true });
  });

  it("stops the server in order if it is SIGHUP", async () => {
    const server = await startServer();
    const ended = once(server.process, "exit");
    server.process.kill("SIGHUP");
    assert.deepEqual(await ended, [0, null]);
    assert.match(server.output(), /"msg":"stopped"/);
    rmSync(server.dataDir, { recursive: true });
  });

  it("reaches the program of every script, since its shell is replaced by `exec`", () => {
    const { scripts } = JSON.parse(readFileSync(join(PROJECT_DIR, "package.json"), "utf8")) as {
      scripts: Record<string, string>;
    };
    const ends = new Set([
      "check",
      "fix",
      "generate",
      "build",
      "build:dashboard",
      "build:server",
      "docs:build",
      "version",
    ]);
    const running = Object.entries(scripts).filter(([name]) => !ends.has(name) && !name.startsWith("pre"));
    assert.ok(running.length > 5);
    for (const [name, command] of running) assert.match(command, /^exec node /, name);
  });
});
