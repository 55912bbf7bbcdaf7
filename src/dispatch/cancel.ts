import type { DatabaseTransaction, Dialect } from "../db/open.ts";
import { logPending } from "../statistics/log-entry.ts";

/** Cancels everything that is pending of a connection. What is being sent right now and arrives is delivered all the same. */
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
 * Cancels what came to the queue of a connection after it was disconnected, such as what was being accepted then. Looks
 * under the connection's lock, so that nothing is cancelled of one that was connected again. Returns whether it was
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
