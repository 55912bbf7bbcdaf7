import { newId } from "../db/new-id.ts";
import type { DatabaseTransaction } from "../db/open.ts";

/**
 * Lets anyone who routes events know that the workspace's connections changed; part of the change's transaction. A random
 * version and not a counter: what was read in a transaction that was rolled back is then never taken for a later version.
 */
export async function bumpRoutingVersion(trx: DatabaseTransaction, workspaceId: string): Promise<void> {
  const version = newId();
  await trx
    .insertInto("routing_versions")
    .values({ workspace_id: workspaceId, version })
    .onConflict((conflict) => conflict.column("workspace_id").doUpdateSet({ version }))
    .execute();
}
