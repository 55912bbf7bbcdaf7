import { sql } from "kysely";
import { isAmong } from "../db/among.ts";
import { offIndex } from "../db/off-index.ts";
import type { DatabaseTransaction, Dialect } from "../db/open.ts";
import { type Cursor, START, UNFINISHED } from "./chore.ts";
import type { CutoffOf } from "./cutoff.ts";

/** Where the walk continues with the next workspace; null after the last one. */
export async function nextWorkspace(
  trx: DatabaseTransaction,
  after: string,
  cutoffOf: CutoffOf,
): Promise<Cursor | null> {
  const row = await trx
    .selectFrom("workspaces")
    .select(["id", "payload_retention_days", "status_retention_days"])
    .where("id", ">", after)
    .orderBy("id")
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? null : { ...START, workspaceId: row.id, before: cutoffOf(row) };
}

/** A workspace's expired events, oldest first, from a position on. */
export async function readOldEvents(
  trx: DatabaseTransaction,
  dialect: Dialect,
  cursor: Cursor,
  rowsMax: number,
): Promise<readonly { readonly id: string; readonly accepted_at: number }[]> {
  const query = trx
    .selectFrom("events")
    .select(["id", "accepted_at"])
    .where("workspace_id", "=", cursor.workspaceId)
    .where("accepted_at", "<", cursor.before)
    .where(sql<boolean>`(accepted_at, id) > (${cursor.acceptedAt}, ${cursor.id})`)
    .orderBy("accepted_at")
    .orderBy("id")
    .limit(rowsMax);
  // A transaction that makes an old delivery due again locks its event; this one waits, and then sees the unfinished
  // delivery.
  return (dialect === "postgres" ? query.forNoKeyUpdate() : query).execute();
}

/** The events among these that have unfinished deliveries. */
export async function readUnfinished(
  trx: DatabaseTransaction,
  dialect: Dialect,
  workspaceId: string,
  eventIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await trx
    .selectFrom("deliveries")
    .select("event_id")
    .distinct()
    .where(offIndex("workspace_id"), "=", workspaceId)
    .where((eb) => isAmong(dialect, eb.ref("event_id"), eventIds))
    .where("status", "in", UNFINISHED)
    .execute();
  return new Set(rows.map((row) => row.event_id));
}

/** Deletes the attempts of these events' deliveries that have ended. */
export async function deleteAttempts(
  trx: DatabaseTransaction,
  dialect: Dialect,
  workspaceId: string,
  eventIds: readonly string[],
): Promise<void> {
  await trx
    .deleteFrom("attempts")
    .where("delivery_id", "in", (eb) =>
      eb
        .selectFrom("deliveries")
        .select("id")
        .where(offIndex("workspace_id"), "=", workspaceId)
        .where((deliveries) => isAmong(dialect, deliveries.ref("event_id"), eventIds))
        .where("status", "not in", UNFINISHED),
    )
    .execute();
}
