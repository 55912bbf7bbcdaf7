import { sql } from "kysely";
import type { DatabaseTransaction } from "../db/open.ts";

/**
 * Lets one transaction at a time change who belongs to a workspace: what is read after this stays as it is until the
 * commit. An update that changes nothing, because it locks the row on PostgreSQL without holding up the events that are
 * stored for the workspace meanwhile, which `select for update` would (its table 13.3); SQLite writes one at a time.
 *
 * @returns Whether there is such a workspace.
 */
export async function lockWorkspace(trx: DatabaseTransaction, workspaceId: string): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable("workspaces")
    .set({ name: sql`name` })
    .where("id", "=", workspaceId)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}
