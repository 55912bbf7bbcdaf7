import type { Database } from "../db/open.ts";
import { logPending } from "../statistics/log-entry.ts";

/** Fails tests that no process will record any more. They are not sent again, since no one waits for them. */
export async function failInterruptedTests(
  db: Database,
  deliveryIds: readonly string[],
  now: number,
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const failed = await trx
      .updateTable("deliveries")
      .set({ status: "failed", next_attempt_at: null, updated_at: now })
      .where("id", "in", deliveryIds)
      .where("status", "=", "pending")
      .where("trigger_kind", "=", "test")
      .returning(["workspace_id as workspaceId", "connection_id as connectionId"])
      .execute();
    const changes = failed.map((of) => ({ ...of, change: -1 }));
    await logPending(trx, changes, now);
  });
}
