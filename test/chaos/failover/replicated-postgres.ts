import type { ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import pg from "pg";
import { createPostgresServer } from "../../support/postgres-server.ts";
import { waitUntil } from "../pause.ts";

const STANDBY = "standby";
const FOLLOWS_WITHIN_MS = 30_000;
const PROMOTED_WITHIN_MS = 30_000;
/** The primary acknowledges a COMMIT only after the standby has written it to disk too. */
const PRIMARY_SETTINGS = {
  wal_level: "replica",
  synchronous_commit: "on",
  synchronous_standby_names: STANDBY,
};

/** A primary and a synchronous standby that takes over when the primary is killed. */
export type ReplicatedPostgres = {
  /** Of the primary. */
  readonly url: string;
  /** `kill -9` of the primary and all its processes. */
  readonly killPrimary: () => Promise<void>;
  /** Promotes the standby to primary, and returns its URL. */
  readonly promote: () => Promise<string>;
  readonly remove: () => Promise<void>;
};

export async function startReplicatedPostgres(): Promise<ReplicatedPostgres> {
  const primary = await createPostgresServer({ isDurable: true, settings: PRIMARY_SETTINGS });
  // Started without a standby, so that there is data to copy; with one configured, commits would wait for it forever.
  await end(await primary.start());
  const { port } = new URL(primary.url);
  const standby = await primary.copy(["standby.signal"], {
    hot_standby: "on",
    primary_conninfo: `host=127.0.0.1 port=${port} user=postgres application_name=${STANDBY}`,
  });
  let running: readonly ChildProcess[] = [];
  const killAll = () => {
    for (const server of running) server.kill("SIGKILL");
  };
  // A failing run may never stop them.
  process.once("exit", killAll);
  const primaryProcess = await primary.start();
  running = [primaryProcess];
  running = [primaryProcess, await standby.start()];
  await waitUntil("a synchronous standby", FOLLOWS_WITHIN_MS, async () => {
    const states = await query<{ sync_state: string }>(
      primary.url,
      "select sync_state from pg_stat_replication",
    );
    return states.some(({ sync_state: state }) => state === "sync");
  });
  return {
    url: primary.url,
    killPrimary: async () => {
      const ended = new Promise((resolve) => primaryProcess.once("exit", resolve));
      // Child processes would live a moment longer, but when a machine fails they all die together.
      for (const pid of familyOf(primaryProcess.pid ?? 0)) killProcess(pid);
      await ended;
    },
    promote: async () => {
      await query(standby.url, "select pg_promote(wait => false)");
      await waitUntil("the standby's promotion", PROMOTED_WITHIN_MS, async () => {
        const [row] = await query<{ waits: boolean }>(standby.url, "select pg_is_in_recovery() as waits");
        return row?.waits === false;
      });
      return standby.url;
    },
    remove: async () => {
      for (const server of running) await end(server);
      process.off("exit", killAll);
      standby.remove();
      primary.remove();
    },
  };
}

async function query<Row extends pg.QueryResultRow>(url: string, text: string): Promise<readonly Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(text)).rows;
  } finally {
    await client.end();
  }
}

async function end(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const ended = new Promise((resolve) => server.once("exit", resolve));
  server.kill("SIGINT");
  await ended;
}

/** The process and all its descendants, the process first. */
function familyOf(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
  return [pid, ...(children === "" ? [] : children.split(" ").flatMap((child) => familyOf(Number(child))))];
}

function killProcess(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    // A process that has just ended on its own counts as killed.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
