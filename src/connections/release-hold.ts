import type { DatabaseTransaction } from "../db/open.ts";

/** Lets a connection that is sent to in strict order go on immediately, before the retry of its head is due. */
export async function releaseHold(trx: DatabaseTransaction, connectionId: string): Promise<void> {
  await trx
    .updateTable("connections")
    .set({ hold_until: null, hold_ms: null })
    .where("id", "=", connectionId)
    .execute();
}
