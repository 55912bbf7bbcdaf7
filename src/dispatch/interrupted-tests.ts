import type { Database } from "../db/open.ts";

/** Ends tests whose result nobody will record any more. They are not sent again: nobody waits for them. */
export async function failInterruptedTests(
  db: Database,
  deliveryIds: readonly string[],
  now: number,
): Promise<void> {
  await db
    .updateTable("deliveries")
    .set({ status: "failed", next_attempt_at: null, updated_at: now })
    .where("id", "in", deliveryIds)
    .where("status", "=", "pending")
    .where("trigger_kind", "=", "test")
    .execute();
}
