import { isAmong } from "../db/among.ts";
import type { Database, Dialect } from "../db/open.ts";

/** Pending deliveries of a connection or of a whole workspace; includes folded commits only. */
export async function readPending(
  db: Database,
  workspaceId: string,
  connectionId: string | null,
): Promise<number> {
  let query = sumPending(db).where("workspace_id", "=", workspaceId);
  if (connectionId !== null) query = query.where("connection_id", "=", connectionId);
  return Number((await query.executeTakeFirst())?.pending ?? 0);
}

/** Pending deliveries of several connections, by id. Connections that never had any are left out. */
export async function readPendingOf(
  { db, dialect }: { readonly db: Database; readonly dialect: Dialect },
  workspaceId: string,
  connectionIds: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const rows = await db
    .selectFrom("pending_counts")
    .select(["connection_id", "pending"])
    .where("workspace_id", "=", workspaceId)
    .where((eb) => isAmong(dialect, eb.ref("connection_id"), connectionIds))
    .execute();
  return new Map(rows.map((row) => [row.connection_id, row.pending]));
}

/** The backlogs of a workspace, or of some of its connections, by connection id. */
export async function readBacklogs(
  { db, dialect }: { readonly db: Database; readonly dialect: Dialect },
  workspaceId: string,
  connectionIds: readonly string[] | null,
): Promise<ReadonlyMap<string, number>> {
  if (connectionIds !== null) return readPendingOf({ db, dialect }, workspaceId, connectionIds);
  const rows = await db
    .selectFrom("pending_counts")
    .select(["connection_id", "pending"])
    .where("workspace_id", "=", workspaceId)
    .where("pending", ">", 0)
    .execute();
  return new Map(rows.map((row) => [row.connection_id, row.pending]));
}

/** Pending deliveries of all workspaces together. */
export async function readAllPending(db: Database): Promise<number> {
  return Number((await sumPending(db).executeTakeFirst())?.pending ?? 0);
}

function sumPending(db: Database) {
  return db.selectFrom("pending_counts").select((eb) => eb.fn.sum<number | null>("pending").as("pending"));
}
