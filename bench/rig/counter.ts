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

/** Counts that only grow; what a stretch of work took is the difference of two. Null is what cannot be known. */
export type Counts = {
  readonly programCpuSeconds: number | null;
  readonly databaseCpuSeconds: number | null;
  /** Transactions that wrote something, as the database itself counts them. */
  readonly commits: number;
  /** To storage, by program and database together. */
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
  const less = (from: number | null, to: number | null) => (from === null || to === null ? null : to - from);
  return {
    programCpuSeconds: less(before.programCpuSeconds, after.programCpuSeconds),
    databaseCpuSeconds: less(before.databaseCpuSeconds, after.databaseCpuSeconds),
    commits: after.commits - before.commits,
    writtenBytes: less(before.writtenBytes, after.writtenBytes),
  };
}

/** Of what each stretch took for a thousand of what it did, the median; null where it is not known. */
export function medianPer1000(
  stretches: readonly { readonly spent: Counts; readonly count: number }[],
  name: keyof Counts,
): number | null {
  return medianKnown(
    stretches.map(({ spent, count }) => {
      const amount = spent[name];
      return amount === null ? null : (amount / count) * 1000;
    }),
  );
}

/** `iChange` of the header of the WAL index, "a counter incremented each transaction" (https://sqlite.org/walformat.html). */
function countSqliteCommits(dataDir: string): number {
  const CHANGE_COUNTER_AT = 8;
  const buffer = Buffer.alloc(4);
  const file = openSync(join(dataDir, `${SQLITE_FILE}-shm`), "r");
  readSync(file, buffer, 0, buffer.length, CHANGE_COUNTER_AT);
  closeSync(file);
  return endianness() === "LE" ? buffer.readUInt32LE() : buffer.readUInt32BE();
}

/** A transaction gets its number when it first writes; reading the next one uses none up. */
async function countTransactions(db: Kysely<Schema>): Promise<number> {
  const { rows } = await sql<{ next: string }>`
    select pg_snapshot_xmax(pg_current_snapshot())::text as next`.execute(db);
  return Number(rows[0]?.next);
}

/** The process that started the server's backends; null when the server is on another machine. */
async function findPostmaster(db: Kysely<Schema>): Promise<number | null> {
  const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(db);
  return parentOf(rows[0]?.pid ?? 0);
}
