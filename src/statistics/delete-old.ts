import { sql } from "kysely";
import { isAmong } from "../db/among.ts";
import type { DatabaseTransaction, Dialect } from "../db/open.ts";
import { type StoredInterval, VIEWS } from "../domain/statistics.ts";
import { INTERVAL_SECONDS } from "./rollups-table.ts";

type Old = { readonly workspaceId: string; readonly interval: StoredInterval; readonly before: number };

/** Deletes up to `rowsMax` rows of intervals that began before a time, and returns how many. */
export async function deleteRollups(
  trx: DatabaseTransaction,
  { workspaceId, interval, before }: Old,
  rowsMax: number,
): Promise<number> {
  let deleted = 0;
  for (const view of VIEWS) {
    if (deleted >= rowsMax) break;
    const key = sql`workspace_id, interval_seconds, view, start, connection_id, event_type, outcome, cause`;
    const { numAffectedRows } = await sql`
      delete from statistics where (${key}) in (
        select ${key} from statistics
        where workspace_id = ${workspaceId} and interval_seconds = ${INTERVAL_SECONDS[interval]} and view = ${view}
          and start < ${before}
        order by start limit ${rowsMax - deleted})`.execute(trx);
    deleted += Number(numAffectedRows ?? 0n);
  }
  return deleted;
}

/** Deletes up to `rowsMax` event types last seen before a time, and returns how many. */
export async function deleteTypes(
  trx: DatabaseTransaction,
  dialect: Dialect,
  { workspaceId, before }: Omit<Old, "interval">,
  rowsMax: number,
): Promise<number> {
  const old = await trx
    .selectFrom("event_types")
    .select("type")
    .where("workspace_id", "=", workspaceId)
    .where("last_seen_at", "<", before)
    .limit(rowsMax)
    .execute();
  if (old.length === 0) return 0;
  const types = old.map(({ type }) => type);
  // A type may have been seen again since.
  const { numDeletedRows } = await trx
    .deleteFrom("event_types")
    .where("workspace_id", "=", workspaceId)
    .where("last_seen_at", "<", before)
    .where((eb) => isAmong(dialect, eb.ref("type"), types))
    .executeTakeFirst();
  return Number(numDeletedRows);
}

/** Deletes the pending counts of connections that no longer exist. */
export async function deletePendingCounts(
  trx: DatabaseTransaction,
  dialect: Dialect,
  workspaceId: string,
  connectionIds: readonly string[],
): Promise<void> {
  await trx
    .deleteFrom("pending_counts")
    .where("workspace_id", "=", workspaceId)
    .where((eb) => isAmong(dialect, eb.ref("connection_id"), connectionIds))
    .execute();
}

/** Deletes up to `rowsMax` issues last seen before a time, and returns how many. */
export async function deleteIssues(
  trx: DatabaseTransaction,
  dialect: Dialect,
  { workspaceId, before }: Omit<Old, "interval">,
  rowsMax: number,
): Promise<number> {
  const old = await trx
    .selectFrom("issues")
    .select("id")
    .where("workspace_id", "=", workspaceId)
    .where("last_seen_at", "<", before)
    .orderBy("last_seen_at")
    .limit(rowsMax)
    .execute();
  if (old.length === 0) return 0;
  const ids = old.map(({ id }) => id);
  // An issue may have been seen again since.
  const { numDeletedRows } = await trx
    .deleteFrom("issues")
    .where("last_seen_at", "<", before)
    .where((eb) => isAmong(dialect, eb.ref("id"), ids))
    .executeTakeFirst();
  return Number(numDeletedRows);
}
