import { spawn, spawnSync } from "node:child_process";
import { chownSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { needs } from "./needs.ts";
import { freePort } from "./server.ts";

/** A real PgBouncer in front of a PostgreSQL database. */
export type Pgbouncer = {
  /** Of the same database, through the pooler. */
  readonly url: string;
  /** Its output so far. */
  readonly log: () => string;
  readonly stop: () => Promise<void>;
};

/** PgBouncer refuses to run as root, so root starts it as `nobody`. */
const NOBODY = 65_534;
const isRoot = process.getuid?.() === 0;
const identity = isRoot ? { uid: NOBODY, gid: NOBODY } : {};

/** Debian's package, unless PGBOUNCER_PATH names another program. */
const program = process.env["PGBOUNCER_PATH"] ?? "pgbouncer";

/** For `skip`: why PgBouncer does not run on this machine, or false. */
export const pgbouncerMissing = needs(program);

export type PgbouncerSettings = {
  readonly pool_mode: "transaction" | "session";
  readonly default_pool_size?: number;
  /** Only for versions that know this setting. */
  readonly max_prepared_statements?: number;
};

/** Whether this version can keep prepared statements across sessions, which needs 1.21 or newer. */
export function keepsStatementNames(): boolean {
  const [, major, minor] =
    /PgBouncer (\d+)\.(\d+)/.exec(spawnSync(program, ["--version"]).stdout.toString()) ?? [];
  return Number(major) > 1 || Number(minor) >= 21;
}

export async function startPgbouncer(databaseUrl: string, settings: PgbouncerSettings): Promise<Pgbouncer> {
  const target = new URL(databaseUrl);
  const folder = mkdtempSync(join(tmpdir(), "opensend-pgbouncer-"));
  const file = join(folder, "pgbouncer.ini");
  const port = await freePort();
  const all = {
    listen_addr: "127.0.0.1",
    listen_port: port,
    unix_socket_dir: "",
    auth_type: "any",
    max_client_conn: 200,
    ...settings,
  };
  const lines = [
    "[databases]",
    `* = host=${target.hostname} port=${target.port} user=${target.username}`,
    "[pgbouncer]",
    ...Object.entries(all).map(([name, value]) => `${name} = ${value}`),
  ];
  writeFileSync(file, `${lines.join("\n")}\n`);
  if (isRoot) for (const path of [folder, file]) chownSync(path, NOBODY, NOBODY);

  const child = spawn(program, [file], {
    ...identity,
    cwd: folder,
    stdio: ["ignore", "ignore", "pipe"],
  });
  const kill = () => child.kill("SIGKILL");
  // A failing test may never stop it.
  process.once("exit", kill);
  let log = "";
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  await new Promise<void>((resolve, reject) => {
    child.stderr.on("data", (chunk: Buffer) => {
      log += chunk.toString("utf8");
      if (log.includes("process up")) resolve();
    });
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`PgBouncer ended with code ${code}\n${log}`)));
  });
  const url = new URL(databaseUrl);
  url.hostname = "127.0.0.1";
  url.port = String(port);
  return {
    url: url.href,
    log: () => log,
    stop: async () => {
      process.off("exit", kill);
      kill();
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
