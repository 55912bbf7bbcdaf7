import { sql } from "kysely";
import type { DatabaseTransaction } from "../db/open.ts";

/**
 * Puts what waits for a retry back to where it stood in the queue, by when it was accepted: a connection that is to be
 * sent to in strict order from now on must not overtake it.
 */
export async function restoreOrder(
  trx: DatabaseTransaction,
  connectionId: string,
  now: number,
): Promise<void> {
  await trx
    .updateTable("deliveries")
    .set({ next_attempt_at: sql`created_at`, updated_at: now })
    .where("connection_id", "=", connectionId)
    .where("status", "=", "pending")
    .where("next_attempt_at", ">", now)
    .execute();
}
