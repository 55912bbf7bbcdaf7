import { sql } from "kysely";
import type { DatabaseTransaction } from "../../store/open.ts";

/**
 * Puts back what a replay has made due and nobody has begun to send: it is again what it was before. Returns how many
 * these were; a replay never has more than `QUEUED_AT_ONCE_MAX` of them.
 */
export async function takeBack(trx: DatabaseTransaction, replayId: string, now: number): Promise<number> {
  const { numUpdatedRows } = await trx
    .updateTable("deliveries")
    .set({
      status: sql`replayed_from`,
      replayed_from: null,
      replay_id: null,
      next_attempt_at: null,
      updated_at: now,
    })
    .where("replay_id", "=", replayId)
    .where("status", "=", "pending")
    .executeTakeFirst();
  const takenBack = Number(numUpdatedRows);
  if (takenBack > 0) {
    await trx
      .updateTable("replays")
      .set({ queued: sql`queued - ${takenBack}` })
      .where("id", "=", replayId)
      .execute();
  }
  return takenBack;
}
