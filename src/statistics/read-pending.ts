import type { Database } from "../db/open.ts";

/** How many deliveries are pending, as far as commits are folded: of one connection, or of the workspace. */
export async function readPending(
  db: Database,
  workspaceId: string,
  connectionId: string | null,
): Promise<number> {
  let query = db
    .selectFrom("pending_counts")
    .select((eb) => eb.fn.sum<number>("pending").as("pending"))
    .where("workspace_id", "=", workspaceId);
  if (connectionId !== null) query = query.where("connection_id", "=", connectionId);
  return Number((await query.executeTakeFirst())?.pending ?? 0);
}
