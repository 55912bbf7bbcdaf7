import { closeSync, openSync, readSync } from "node:fs";
import { endianness } from "node:os";
import { join } from "node:path";
import { type Kysely, sql } from "kysely";
import { SQLITE_FILE } from "../../src/db/open.ts";
import type { Schema } from "../../src/db/schema.ts";
import type { TestDatabase } from "../../test/support/databases.ts";
import { medianKnown } from "./median.ts";
import type { RunningProgram } from "./program.ts";
import {
  cpuSeconds,
  familyCpuSeconds,
  familyOf,
  type Memory,
  memory,
  parentOf,
  writtenBytes,
} from "./usage.ts";

/** Counters that only grow; the cost of some work is the difference of two. Null if it cannot be measured. */
export type Counts = {
  readonly programCpuSeconds: number | null;
  readonly databaseCpuSeconds: number | null;
  /** Transactions that wrote something, as counted by the database. */
  readonly commits: number;
  /** Written to storage by the program and the database. */
  readonly writtenBytes: number | null;
};

export type Counter = {
  readonly counts: () => Promise<Counts>;
  readonly memory: () => Memory | null;
  readonly close: () => Promise<void>;
};

export async function createCounter(
  database: TestDatabase,
  program: () => Pick<RunningProgram, "pids">,
): Promise<Counter> {
  const store = database.dialect === "postgres" ? database.open() : null;
  const postmaster = store === null ? null : await findPostmaster(store.db);
  return {
    counts: async () => ({
      programCpuSeconds: cpuSeconds(program().pids),
      databaseCpuSeconds: postmaster === null ? null : familyCpuSeconds(postmaster),
      writtenBytes: writtenBytes([...program().pids, ...(postmaster === null ? [] : familyOf(postmaster))]),
      commits: store === null ? countSqliteCommits(database.dataDir) : await countTransactions(store.db),
    }),
    memory: () => memory(program().pids),
    close: async () => store?.close(),
  };
}

export function between(before: Counts, after: Counts): Counts {
  const difference = (from: number | null, to: number | null) =>
    from === null || to === null ? null : to - from;
  return {
    programCpuSeconds: difference(before.programCpuSeconds, after.programCpuSeconds),
    databaseCpuSeconds: difference(before.databaseCpuSeconds, after.databaseCpuSeconds),
    commits: after.commits - before.commits,
    writtenBytes: difference(before.writtenBytes, after.writtenBytes),
  };
}

/** The median over all stretches of the cost per thousand operations; null if it is not known. */
export function medianPer1000(
  measurements: readonly { readonly spent: Counts; readonly count: number }[],
  name: keyof Counts,
): number | null {
  return medianKnown(
    measurements.map(({ spent, count }) => {
      const amount = spent[name];
      return amount === null ? null : (amount / count) * 1000;
    }),
  );
}

/**
 * `iChange` of the header of the WAL index, "a counter incremented each transaction"
 * (https://sqlite.org/walformat.html).
 */
function countSqliteCommits(dataDir: string): number {
  const CHANGE_COUNTER_AT = 8;
  const buffer = Buffer.alloc(4);
  const file = openSync(join(dataDir, `${SQLITE_FILE}-shm`), "r");
  readSync(file, buffer, 0, buffer.length, CHANGE_COUNTER_AT);
  closeSync(file);
  return endianness() === "LE" ? buffer.readUInt32LE() : buffer.readUInt32BE();
}

/** A transaction gets its id when it first writes; reading the next id consumes none. */
async function countTransactions(db: Kysely<Schema>): Promise<number> {
  const { rows } = await sql<{ next: string }>`
    select pg_snapshot_xmax(pg_current_snapshot())::text as next`.execute(db);
  return Number(rows[0]?.next);
}

/** The parent process of the server's backends; null if the server is on another machine. */
async function findPostmaster(db: Kysely<Schema>): Promise<number | null> {
  const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(db);
  return parentOf(rows[0]?.pid ?? 0);
}
