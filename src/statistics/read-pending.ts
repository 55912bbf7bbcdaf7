import type { Database } from "../db/open.ts";

/** How many deliveries of a connection, or of a whole workspace, are pending, as far as commits are folded. */
export async function readPending(
  db: Database,
  workspaceId: string,
  connectionId: string | null,
): Promise<number> {
  let query = sumPending(db).where("workspace_id", "=", workspaceId);
  if (connectionId !== null) query = query.where("connection_id", "=", connectionId);
  return Number((await query.executeTakeFirst())?.pending ?? 0);
}

/** The same of all workspaces together. */
export async function readAllPending(db: Database): Promise<number> {
  return Number((await sumPending(db).executeTakeFirst())?.pending ?? 0);
}

function sumPending(db: Database) {
  return db.selectFrom("pending_counts").select((eb) => eb.fn.sum<number | null>("pending").as("pending"));
}
