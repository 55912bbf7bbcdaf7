import type { DatabaseTransaction } from "../db/open.ts";

/**
 * A replay has at most this many deliveries waiting for their attempt, so that a slow receiver slows it down, and
 * stopping it takes few back.
 */
export const QUEUED_MAX = 1000;
/** The limit per connection, so that a slow receiver leaves room for the others. */
export const QUEUED_OF_CONNECTION_MAX = 250;

/** A replay's deliveries that still wait for their attempt, by connection. */
export async function countOutstanding(
  trx: DatabaseTransaction,
  replayId: string,
): Promise<Map<string, number>> {
  const rows = await trx
    .selectFrom("deliveries")
    .select((eb) => ["connection_id", eb.fn.countAll<number>().as("count")])
    .where("replay_id", "=", replayId)
    .where("status", "=", "pending")
    .groupBy("connection_id")
    .execute();
  return new Map(rows.map((row) => [row.connection_id, Number(row.count)]));
}
