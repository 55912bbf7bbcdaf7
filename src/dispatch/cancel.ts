import type { DatabaseTransaction, Dialect } from "../db/open.ts";
import { logPending } from "../statistics/log-entry.ts";

/** Cancels all pending deliveries of a connection. One that is in flight and arrives still counts as delivered. */
export async function cancelDeliveries(
  trx: DatabaseTransaction,
  connectionId: string,
  now: number,
): Promise<void> {
  const { numUpdatedRows } = await trx
    .updateTable("deliveries")
    .set({
      status: "cancelled",
      next_attempt_at: null,
      replay_id: null,
      replayed_from: null,
      updated_at: now,
    })
    .where("connection_id", "=", connectionId)
    .where("status", "=", "pending")
    .executeTakeFirst();
  if (numUpdatedRows === 0n) return;
  const { workspace_id: workspaceId } = await trx
    .selectFrom("connections")
    .select("workspace_id")
    .where("id", "=", connectionId)
    .executeTakeFirstOrThrow();
  await logPending(trx, [{ workspaceId, connectionId, change: -Number(numUpdatedRows) }], now);
}

/**
 * Cancels what entered the queue of a connection after it was disconnected, such as an event being accepted at that
 * moment. The connection's lock ensures that nothing is cancelled after a reconnect. Returns whether the connection was
 * disconnected.
 */
export async function cancelIfDisconnected(
  dialect: Dialect,
  trx: DatabaseTransaction,
  connectionId: string,
  now: number,
): Promise<boolean> {
  const row = await trx
    .selectFrom("connections")
    .select("status")
    .where("id", "=", connectionId)
    .$if(dialect === "postgres", (query) => query.forNoKeyUpdate())
    .executeTakeFirst();
  if (row?.status !== "disconnected") return false;
  await cancelDeliveries(trx, connectionId, now);
  return true;
}
