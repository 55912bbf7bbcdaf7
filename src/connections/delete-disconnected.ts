import { sql } from "kysely";
import { isAmong } from "../db/among.ts";
import type { DatabaseTransaction, Dialect } from "../db/open.ts";
import type { Position } from "../db/paging.ts";
import { deletePendingCounts } from "../statistics/delete-old.ts";
import { DISCONNECTED } from "./walk-connections.ts";

/** A workspace's connections that were disconnected before a time, starting after a position. */
export type OldConnections = {
  readonly workspaceId: string;
  readonly before: number;
  readonly after: Position;
  readonly rowsMax: number;
};

/** The number of deleted connections, and the last one examined; null at the end. */
type Deleted = { readonly deleted: number; readonly last: Position | null };

/** Deletes those without deliveries: an event keeps all its deliveries while some are pending for other connections. */
export async function deleteDisconnected(
  trx: DatabaseTransaction,
  dialect: Dialect,
  { workspaceId, before, after, rowsMax }: OldConnections,
): Promise<Deleted> {
  const rows = await trx
    .selectFrom("connections")
    .select(["id", "created_at", "disconnected_at"])
    .select(
      sql<number>`(select count(*) from (select 1 from deliveries where connection_id = connections.id limit 1) as found)`.as(
        "deliveries",
      ),
    )
    .where("workspace_id", "=", workspaceId)
    .where(DISCONNECTED)
    .where("created_at", "<", before)
    .where(sql<boolean>`(created_at, id) > (${after.createdAt}, ${after.id})`)
    .orderBy("created_at")
    .orderBy("id")
    .limit(rowsMax)
    .execute();
  const ids = rows
    .filter((row) => Number(row.deliveries) === 0 && (row.disconnected_at ?? row.created_at) < before)
    .map(({ id }) => id);
  const last = rows.length < rowsMax ? undefined : rows.at(-1);
  return {
    deleted: ids.length === 0 ? 0 : await deleteAll(trx, dialect, workspaceId, ids),
    last: last === undefined ? null : { createdAt: last.created_at, id: last.id },
  };
}

/** Skips connections that have been reconnected meanwhile. */
async function deleteAll(
  trx: DatabaseTransaction,
  dialect: Dialect,
  workspaceId: string,
  ids: readonly string[],
): Promise<number> {
  const deleted = await trx
    .deleteFrom("connections")
    .where((eb) => isAmong(dialect, eb.ref("id"), ids))
    .where(DISCONNECTED)
    .returning("id")
    .execute();
  await deletePendingCounts(
    trx,
    dialect,
    workspaceId,
    deleted.map(({ id }) => id),
  );
  return deleted.length;
}
