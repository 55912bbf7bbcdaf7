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
