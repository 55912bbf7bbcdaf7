import type { Database } from "../store/open.ts";

/**
 * Ends tests whose process died before it could record the attempt: their lease ran out, and a test is never sent a
 * second time. Returns how many.
 */
export async function sweepInterruptedTests(db: Database, now: number): Promise<number> {
  const { numUpdatedRows } = await db
    .updateTable("deliveries")
    .set({
      status: "failed",
      lease_holder: null,
      lease_expires_at: null,
      next_attempt_at: null,
      updated_at: now,
    })
    .where("status", "=", "delivering")
    .where("trigger_kind", "=", "test")
    .where("lease_expires_at", "<", now)
    .executeTakeFirst();
  return Number(numUpdatedRows);
}
