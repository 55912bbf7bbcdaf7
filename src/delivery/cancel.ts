import type { HotStatements } from "../store/hot-statements.ts";
import type { DatabaseTransaction } from "../store/open.ts";

/** Cancels what a connection still owes. One that is being sent right now finishes by itself. */
export async function cancelDeliveries(
  trx: DatabaseTransaction,
  connectionId: string,
  now: number,
): Promise<void> {
  await trx
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
    .execute();
}

/**
 * Cancels what came back to the queue of a connection after it was disconnected, such as what was leased then. Looks
 * under the connection's lock, so that nothing is cancelled of one that was connected again. Returns whether it was
 * disconnected.
 */
export async function cancelIfDisconnected(
  hot: Pick<HotStatements, "lockConnections">,
  trx: DatabaseTransaction,
  connectionId: string,
  now: number,
): Promise<boolean> {
  const [row] = await hot.lockConnections(trx, [connectionId]);
  if (row?.status !== "disconnected") return false;
  await cancelDeliveries(trx, connectionId, now);
  return true;
}
