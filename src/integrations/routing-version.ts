import { sql } from "kysely";
import type { DatabaseTransaction } from "../store/open.ts";

/** Tells whoever routes events that the workspace's connections changed; part of the change's transaction. */
export async function bumpRoutingVersion(trx: DatabaseTransaction, workspaceId: string): Promise<void> {
  await trx
    .insertInto("routing_versions")
    .values({ workspace_id: workspaceId, version: 1 })
    .onConflict((conflict) =>
      conflict.column("workspace_id").doUpdateSet({ version: sql`routing_versions.version + 1` }),
    )
    .execute();
}
