import { newId } from "../db/new-id.ts";
import type { DatabaseTransaction } from "../db/open.ts";

/**
 * Invalidates cached event routes after a change of the workspace's connections, in its transaction. A random version,
 * not a counter, so that a version from a rolled-back transaction never equals a later one.
 */
export async function bumpRoutingVersion(trx: DatabaseTransaction, workspaceId: string): Promise<void> {
  const version = newId();
  await trx
    .insertInto("routing_versions")
    .values({ workspace_id: workspaceId, version })
    .onConflict((conflict) => conflict.column("workspace_id").doUpdateSet({ version }))
    .execute();
}
