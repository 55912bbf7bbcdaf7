import type { Database } from "../store/open.ts";

export type Swept = { readonly returned: number; readonly failedTests: number };

/**
 * Takes back deliveries whose lease ran out, because the process that held it died or hangs: they are due again at
 * once. A test is never sent a second time, so it ends as failed.
 */
export async function sweepLeases(db: Database, now: number): Promise<Swept> {
  const free = { lease_holder: null, lease_expires_at: null, updated_at: now };
  const returned = await db
    .updateTable("deliveries")
    .set({ ...free, status: "pending", next_attempt_at: now })
    .where("status", "=", "delivering")
    .where("lease_expires_at", "<", now)
    .where("trigger_kind", "!=", "test")
    .executeTakeFirst();
  const tests = await db
    .updateTable("deliveries")
    .set({ ...free, status: "failed", next_attempt_at: null })
    .where("status", "=", "delivering")
    .where("lease_expires_at", "<", now)
    .where("trigger_kind", "=", "test")
    .executeTakeFirst();
  return { returned: Number(returned.numUpdatedRows), failedTests: Number(tests.numUpdatedRows) };
}
