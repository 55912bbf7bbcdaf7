import { sql } from "kysely";
import type { DatabaseTransaction } from "../db/open.ts";

/**
 * Serializes changes of a workspace's membership: later reads in the transaction stay true until its commit. Updates a
 * row without changing it, since on PostgreSQL this does not block events being stored for the workspace, as `select
 * for update` would (table 13.3 of its manual); SQLite has one writer at a time.
 *
 * @returns Whether the workspace exists.
 */
export async function lockWorkspace(trx: DatabaseTransaction, workspaceId: string): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable("workspaces")
    .set({ name: sql`name` })
    .where("id", "=", workspaceId)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}
