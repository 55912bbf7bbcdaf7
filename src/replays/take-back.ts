import { sql } from "kysely";
import type { DatabaseTransaction } from "../db/open.ts";
import { logPending } from "../statistics/log-entry.ts";

export type TakenBack = { readonly deliveries: number; readonly connectionIds: readonly string[] };

/**
 * Puts back what a replay has made due and no attempt of which is recorded: it is again what it was before. A replay never
 * has more than `QUEUED_AT_ONCE_MAX` of them.
 */
export async function takeBack(trx: DatabaseTransaction, replayId: string, now: number): Promise<TakenBack> {
  const rows = await trx
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
    .returning(["workspace_id as workspaceId", "connection_id as connectionId"])
    .execute();
  if (rows.length > 0) {
    const changes = rows.map((of) => ({ ...of, change: -1 }));
    await logPending(trx, changes, now);
    await trx
      .updateTable("replays")
      .set({ queued: sql`queued - ${rows.length}` })
      .where("id", "=", replayId)
      .execute();
  }
  return {
    deliveries: rows.length,
    connectionIds: [...new Set(rows.map(({ connectionId }) => connectionId))],
  };
}
