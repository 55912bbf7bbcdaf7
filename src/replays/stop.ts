import type { DatabaseTransaction } from "../db/open.ts";
import type { Actor } from "../domain/actor.ts";
import type { ReplayStopReason } from "../domain/replay.ts";
import type { ReplayDeps } from "./deps.ts";
import { takeBack } from "./take-back.ts";

/**
 * Stops a replay that has not ended, in the transaction of whoever has found that it must. Returns the connections of what
 * was taken back, which a worker may have in hand; null when it has ended already.
 */
export async function stopReplay(
  deps: Pick<ReplayDeps, "recordAudit">,
  trx: DatabaseTransaction,
  actor: Actor,
  replay: { readonly id: string; readonly reason: ReplayStopReason },
  now: number,
): Promise<readonly string[] | null> {
  const { id, reason } = replay;
  const { numUpdatedRows } = await trx
    .updateTable("replays")
    .set({ status: "stopped", stop_reason: reason, next_step_at: null, updated_at: now, finished_at: now })
    .where("id", "=", id)
    .where("status", "in", ["running", "paused"])
    .executeTakeFirst();
  if (numUpdatedRows === 0n) return null;
  const takenBack = await takeBack(trx, id, now);
  const target = { kind: "replay", id } as const;
  const metadata = { reason, taken_back: takenBack.deliveries };
  await deps.recordAudit(trx, { actor, action: "replay.stopped", target, metadata }, now);
  return takenBack.connectionIds;
}
