import { sql } from "kysely";
import type { DatabaseTransaction, Store } from "../db/open.ts";
import { StatisticsEntry } from "./entry.ts";
import { logPending, type PendingChange } from "./log-entry.ts";

type Compared = {
  /** By how much the counts of connections are too low; negative if they are too high. */
  readonly differences: readonly PendingChange[];
  /** The number of pending deliveries; null above the limit. */
  readonly counted: number | null;
};

/**
 * Compares the stored pending counts with a recount in one snapshot. Above `rowsMax` nothing is compared, since the
 * embedded database blocks other work meanwhile.
 */
export async function comparePending(
  store: Pick<Store, "db" | "dialect">,
  rowsMax: number,
): Promise<Compared> {
  return atOneMoment(store, (trx) => compare(trx, rowsMax));
}

/** Corrects the counts safely during other changes, by logging each difference like any other change. */
export async function correctPending(store: Pick<Store, "db" | "dialect">, now: number): Promise<Compared> {
  return atOneMoment(store, async (trx) => {
    const compared = await compare(trx, Number.MAX_SAFE_INTEGER);
    await logPending(trx, compared.differences, now);
    return compared;
  });
}

function atOneMoment<Result>(
  { db, dialect }: Pick<Store, "db" | "dialect">,
  read: (trx: DatabaseTransaction) => Promise<Result>,
): Promise<Result> {
  const transaction = db.transaction();
  return (dialect === "postgres" ? transaction.setIsolationLevel("repeatable read") : transaction).execute(
    read,
  );
}

async function compare(trx: DatabaseTransaction, rowsMax: number): Promise<Compared> {
  const counted = await countPending(trx, rowsMax);
  if (counted === null) return { differences: [], counted };
  const stored = await readStored(trx);
  const recount = await trx
    .selectFrom("deliveries")
    .select(["connection_id", (eb) => eb.fn.countAll<number>().as("count")])
    .where(sql<boolean>`status = 'pending'`)
    .groupBy("connection_id")
    .execute();
  const actual = new Map(recount.map((row) => [row.connection_id, Number(row.count)]));
  const differences: PendingChange[] = [];
  for (const connectionId of new Set([...stored.keys(), ...actual.keys()])) {
    const change = (actual.get(connectionId) ?? 0) - (stored.get(connectionId)?.pending ?? 0);
    if (change === 0) continue;
    const workspaceId = stored.get(connectionId)?.workspaceId ?? (await workspaceOf(trx, connectionId));
    differences.push({ workspaceId, connectionId, change });
  }
  return { differences, counted };
}

/** Uses only the index of queues, and counts no further than the limit. */
async function countPending(trx: DatabaseTransaction, rowsMax: number): Promise<number | null> {
  const limit = Math.min(rowsMax, 2 ** 31) + 1;
  const { rows } = await sql<{ count: number | string }>`
    select count(*) as count from (
      select 1 from deliveries where status = 'pending' limit ${sql.lit(limit)}) as pending`.execute(trx);
  const count = Number(rows[0]?.count ?? 0);
  return count > rowsMax ? null : count;
}

type StoredCounts = { readonly workspaceId: string; pending: number };

/** The stored counts, including logged changes that are not folded yet. */
async function readStored(trx: DatabaseTransaction): Promise<ReadonlyMap<string, StoredCounts>> {
  const stored = new Map<string, StoredCounts>();
  const add = (workspaceId: string, connectionId: string, pending: number) => {
    const count = stored.get(connectionId);
    if (count === undefined) stored.set(connectionId, { workspaceId, pending });
    else count.pending += pending;
  };
  const rows = await trx.selectFrom("pending_counts").selectAll().execute();
  for (const row of rows) add(row.workspace_id, row.connection_id, row.pending);
  const entry = new StatisticsEntry();
  for (const { body } of await trx.selectFrom("statistics_log").select("body").execute()) entry.addText(body);
  for (const [workspaceId, { pending }] of entry.workspaces)
    for (const [connectionId, change] of pending) add(workspaceId, connectionId, change);
  return stored;
}

async function workspaceOf(trx: DatabaseTransaction, connectionId: string): Promise<string> {
  const row = await trx
    .selectFrom("deliveries")
    .select("workspace_id")
    .where("connection_id", "=", connectionId)
    .where(sql<boolean>`status = 'pending'`)
    .limit(1)
    .executeTakeFirstOrThrow();
  return row.workspace_id;
}
