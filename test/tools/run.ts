import assert from "node:assert/strict";
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { opensendSignature } from "../../src/crypto/opensend-signature.ts";
import { makeSqlite } from "../support/databases.ts";
import { startInstance, type TestInstance } from "../support/instance.ts";
import { needs } from "../support/needs.ts";
import { freePort } from "../support/server.ts";
import { until } from "../support/until.ts";

/**
 * Runs the files in `integrations` for Node-RED and adnanh/webhook in these programs. Installs Node-RED from npm,
 * unless NODE_RED_PATH names a folder where it is installed; `webhook` is Debian's package of that name, or the program
 * that WEBHOOK_PATH names.
 *
 *   npm run test:tools
 */
const INTEGRATIONS_DIR = join(import.meta.dirname, "..", "..", "integrations");
const NODE_RED_VERSION = "5.0.7";
const WEBHOOK = process.env["WEBHOOK_PATH"] ?? "webhook";
const INSTALL_TIMEOUT_MS = 5 * 60_000;
const TEST_TIMEOUT_MS = 60_000;
const SECRET = "schlüssel & 鍵";

const folder = mkdtempSync(join(tmpdir(), "opensend-tools-"));
let instance: TestInstance;

before(async () => {
  instance = await startInstance(makeSqlite);
});
after(async () => {
  await instance.remove();
  rmSync(folder, { recursive: true, force: true });
});

describe("Node-RED with the flow", { timeout: TEST_TIMEOUT_MS + INSTALL_TIMEOUT_MS }, () => {
  let program: ChildProcess;
  let url: string;

  before(async () => {
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    const userDir = join(folder, "node-red");
    mkdirSync(userDir);
    const red = join(installNodeRed(), "node_modules", "node-red", "red.js");
    program = spawn(process.execPath, [red, "--userDir", userDir, "--port", String(port)], {
      stdio: "ignore",
    });
    await until(() => responds(url), "Node-RED responds");
    const [tab, ...nodes] = JSON.parse(
      readFileSync(join(INTEGRATIONS_DIR, "node-red/opensend-flow.json"), "utf8"),
    );
    const flows = [{ ...tab, credentials: { OPENSEND_SIGNING_SECRET: SECRET } }, ...nodes];
    const response = await fetch(`${url}/flows`, {
      method: "POST",
      headers: { "content-type": "application/json", "node-red-api-version": "v2" },
      body: JSON.stringify({ flows }),
    });
    assert.equal(response.status, 200, await response.text());
    // A function node accepts requests shortly before its modules and secrets are loaded; OpenSend would just retry.
    const timestamp = Math.floor(Date.now() / 1000);
    const event = '{"type":"flow.starts","created_at":"2026-06-06T00:00:00.000Z","data":{}}';
    const headers = {
      "content-type": "application/json",
      "x-opensend-timestamp": String(timestamp),
      "x-opensend-signature": opensendSignature(SECRET, timestamp, event),
    };
    await until(
      async () => (await fetch(`${url}/opensend`, { method: "POST", headers, body: event })).status === 200,
      "the flow runs",
    );
  });
  after(() => end(program));

  test("accepts a test event, and nothing unsigned", async () => {
    await checkReceiver(`${url}/opensend`, 401);
  });
});

describe("adnanh/webhook with the hook", {
  skip: needs(WEBHOOK, "openssl"),
  timeout: TEST_TIMEOUT_MS,
}, () => {
  let program: ChildProcess;
  let url: string;

  before(async () => {
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    const source = join(INTEGRATIONS_DIR, "adnanh-webhook");
    const hooks = readFileSync(join(source, "hooks.json"), "utf8").replace("/etc/webhook", source);
    const file = join(folder, "hooks.json");
    writeFileSync(file, hooks);
    program = spawn(WEBHOOK, ["-hooks", file, "-ip", "127.0.0.1", "-port", String(port)], {
      env: { PATH: process.env["PATH"], OPENSEND_SIGNING_SECRET: SECRET },
      stdio: "ignore",
    });
    await until(() => responds(url), "webhook responds");
  });
  after(() => end(program));

  test("runs its command for a test event, and for nothing unsigned", async () => {
    const delivery = await checkReceiver(`${url}/hooks/opensend`, 500);
    assert.match(delivery.response.body, /"integration\.test"/);
  });
});

/** Connects a receiver, sends it a test event, and then requests that it must refuse. */
async function checkReceiver(url: string, refusal: number) {
  const body = { webhook_url: url, signing_secret: SECRET };
  const created = await instance.api.post("/api/integrations/webhook", body);
  const tested = await instance.api.post(`/api/integrations/connections/${created.body.data.id}/test`);
  assert.equal(tested.body.delivery.status, 200, tested.text);
  const event = '{"type":"order.paid","created_at":"2026-06-06T00:00:00.000Z","data":{}}';
  const post = async (sent: string, timestamp: number, signature: string) => {
    const headers = {
      "content-type": "application/json",
      "x-opensend-timestamp": String(timestamp),
      "x-opensend-signature": signature,
    };
    return (await fetch(url, { method: "POST", headers, body: sent })).status;
  };
  const now = Math.floor(Date.now() / 1000);
  const long = event.replace("{}", JSON.stringify({ text: "ä".repeat(100_000) }));
  assert.equal(await post(event, now, opensendSignature(SECRET, now, event)), 200);
  assert.equal(await post(long, now, opensendSignature(SECRET, now, long)), 200, "a long event");
  assert.equal(await post(`${event} `, now, opensendSignature(SECRET, now, event)), refusal, "another body");
  assert.equal(await post(event, now, opensendSignature("another", now, event)), refusal, "another secret");
  const old = now - 360;
  assert.equal(await post(event, old, opensendSignature(SECRET, old, event)), refusal, "too old");
  const unsigned = await fetch(url, { method: "POST", body: event });
  assert.equal(unsigned.status, 401, "not signed");
  return tested.body.delivery;
}

function installNodeRed(): string {
  const given = process.env["NODE_RED_PATH"];
  if (given !== undefined) return given;
  const installed = join(tmpdir(), `opensend-node-red-${NODE_RED_VERSION}`);
  if (existsSync(join(installed, "node_modules", "node-red", "red.js"))) return installed;
  mkdirSync(installed, { recursive: true });
  writeFileSync(join(installed, "package.json"), '{"private":true}');
  const args = ["install", "--ignore-scripts", "--no-audit", "--no-fund", `node-red@${NODE_RED_VERSION}`];
  execFileSync("npm", args, { cwd: installed, timeout: INSTALL_TIMEOUT_MS, stdio: "ignore" });
  return installed;
}

function responds(url: string): Promise<boolean> {
  return fetch(url).then(
    () => true,
    () => false,
  );
}

async function end(program: ChildProcess): Promise<void> {
  if (program.exitCode !== null) return;
  const ended = new Promise((resolve) => program.once("exit", resolve));
  program.kill("SIGTERM");
  await ended;
}
