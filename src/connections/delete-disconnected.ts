import { sql } from "kysely";
import { isAmong } from "../db/among.ts";
import type { DatabaseTransaction, Dialect } from "../db/open.ts";
import type { Position } from "../db/paging.ts";
import { forgetPending } from "../statistics/delete-old.ts";
import { DISCONNECTED } from "./walk-connections.ts";

/** Disconnected connections of a workspace, from one on, that have been so since before a time. */
export type OldConnections = {
  readonly workspaceId: string;
  readonly before: number;
  readonly after: Position;
  readonly rowsMax: number;
};

/** How many were deleted, and the last one looked at; null at the end. */
type Deleted = { readonly deleted: number; readonly last: Position | null };

/** Deletes those of which no delivery is left: with what is pending for others, an event keeps all its deliveries. */
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

/** One that was connected again meanwhile stays. */
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
  await forgetPending(
    trx,
    dialect,
    workspaceId,
    deleted.map(({ id }) => id),
  );
  return deleted.length;
}
