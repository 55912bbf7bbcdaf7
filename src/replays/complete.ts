import { sql } from "kysely";
import type { DatabaseTransaction } from "../db/open.ts";
import { countOutstanding } from "./outstanding.ts";

/**
 * Ends a replay that has made everything due and has nothing outstanding. What was cancelled in between counts as
 * skipped. Returns whether it has ended.
 */
export async function completeReplay(
  trx: DatabaseTransaction,
  replayId: string,
  now: number,
): Promise<boolean> {
  if ((await countOutstanding(trx, replayId)) > 0) return false;
  const { numUpdatedRows } = await trx
    .updateTable("replays")
    .set({
      status: "completed",
      total: sql`queued + skipped`,
      skipped: sql`queued + skipped - delivered - failed`,
      next_step_at: null,
      updated_at: now,
      finished_at: now,
    })
    .where("id", "=", replayId)
    .where("status", "=", "running")
    .where("has_queued_all", "=", 1)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}
