import type { DatabaseTransaction } from "../db/open.ts";

/**
 * A replay has at most so many deliveries that wait for their attempt: a slow or paused receiver slows it down, and what
 * stopping it takes back stays few.
 */
export const QUEUED_AT_ONCE_MAX = 1000;

/** Deliveries of a replay that still wait for their attempt. */
export async function countOutstanding(trx: DatabaseTransaction, replayId: string): Promise<number> {
  const { count } = await trx
    .selectFrom("deliveries")
    .select((eb) => eb.fn.countAll<number>().as("count"))
    .where("replay_id", "=", replayId)
    .where("status", "=", "pending")
    .executeTakeFirstOrThrow();
  return Number(count);
}
