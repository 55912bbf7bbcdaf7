import { sql } from "kysely";
import type { DatabaseTransaction } from "../db/open.ts";

/**
 * Moves deliveries that wait for a retry back to their original place in the queue, by time of acceptance, so that
 * later ones do not overtake them when a connection switches to strict order.
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
