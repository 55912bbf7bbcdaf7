import { sql } from "kysely";
import { isAmong } from "../db/among.ts";
import { offIndex } from "../db/off-index.ts";
import type { DatabaseTransaction, Dialect } from "../db/open.ts";
import type { Position } from "../db/paging.ts";
import { logPending } from "../statistics/log-entry.ts";

export type Withdrawn = {
  readonly deliveries: number;
  readonly connectionIds: readonly string[];
  /** The position before the first of them; null when there is none. */
  readonly before: Position | null;
};

/**
 * Returns the queued deliveries of a replay that have no recorded attempt to their previous status: at most
 * `QUEUED_MAX`. A delivery that another transaction has locked stays: that transaction is recording it, and may
 * wait for the replay's row, which this one has locked.
 *
 * @param connectionId Only deliveries to it; null for all.
 */
export async function withdraw(
  trx: DatabaseTransaction,
  dialect: Dialect,
  replayId: string,
  connectionId: string | null,
  now: number,
): Promise<Withdrawn> {
  const outstanding = await trx
    .selectFrom("deliveries")
    .select("id")
    .where("replay_id", "=", replayId)
    // As expressions, so that only the index of the replay is considered.
    .$if(connectionId !== null, (query) => query.where(offIndex("connection_id"), "=", connectionId))
    .where(offIndex("status"), "=", "pending")
    .$if(dialect === "postgres", (query) => query.forUpdate().skipLocked())
    .execute();
  const ids = outstanding.map(({ id }) => id);
  const rows = await restoreStatus(trx, now)
    .where((eb) => isAmong(dialect, eb.ref("id"), ids))
    .execute();
  return countWithdrawn(trx, replayId, rows, now);
}

function restoreStatus(trx: DatabaseTransaction, now: number) {
  return trx
    .updateTable("deliveries")
    .set({
      status: sql`replayed_from`,
      replayed_from: null,
      replay_id: null,
      next_attempt_at: null,
      updated_at: now,
    })
    .where(offIndex("status"), "=", "pending")
    .returning(["workspace_id as workspaceId", "connection_id as connectionId", "created_at as createdAt"]);
}

type Row = { readonly workspaceId: string; readonly connectionId: string; readonly createdAt: number };

async function countWithdrawn(
  trx: DatabaseTransaction,
  replayId: string,
  rows: readonly Row[],
  now: number,
): Promise<Withdrawn> {
  if (rows.length > 0) {
    const changes = rows.map((of) => ({
      workspaceId: of.workspaceId,
      connectionId: of.connectionId,
      change: -1,
    }));
    await logPending(trx, changes, now);
    await trx
      .updateTable("replays")
      .set({ queued: sql`queued - ${rows.length}` })
      .where("id", "=", replayId)
      .execute();
  }
  return {
    deliveries: rows.length,
    connectionIds: [...new Set(rows.map((row) => row.connectionId))],
    before:
      rows.length === 0 ? null : { createdAt: Math.min(...rows.map(({ createdAt }) => createdAt)), id: "" },
  };
}
