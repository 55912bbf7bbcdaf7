import type { DatabaseTransaction } from "../db/open.ts";

/** Lets a connection with strict order continue immediately, before the retry of its first delivery is due. */
export async function releaseHold(trx: DatabaseTransaction, connectionId: string): Promise<void> {
  await trx
    .updateTable("connections")
    .set({ hold_until: null, hold_ms: null })
    .where("id", "=", connectionId)
    .execute();
}
