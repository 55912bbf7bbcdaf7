import type { Database } from "../db/open.ts";
import { RETRY_DELAY_MAX_MS } from "../domain/retry-schedule.ts";
import { CLOCK_SKEW_MAX_MS } from "../domain/stored-deadline.ts";

/** No delivery is due later than this, unless it was written while the clock was ahead. */
export function dueAtMax(now: number): number {
  return now + RETRY_DELAY_MAX_MS + CLOCK_SKEW_MAX_MS;
}

/** Makes such deliveries due now. Ties are sent in the order of their ids, which is the order of acceptance. */
export async function bringForward(
  db: Database,
  connectionIds: readonly string[],
  now: number,
): Promise<void> {
  if (connectionIds.length === 0) return;
  await db
    .updateTable("deliveries")
    .set({ next_attempt_at: now, updated_at: now })
    .where("connection_id", "in", connectionIds)
    .where("status", "=", "pending")
    .where("next_attempt_at", ">", dueAtMax(now))
    .execute();
}
