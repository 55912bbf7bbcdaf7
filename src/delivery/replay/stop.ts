import type { Actor } from "../../core/actor.ts";
import type { ReplayStopReason } from "../../core/replay.ts";
import type { DatabaseTransaction } from "../../store/open.ts";
import type { ReplayDeps } from "./deps.ts";
import { takeBack } from "./take-back.ts";

/**
 * Stops a replay that has not ended, in the transaction of whoever has found that it must. What a worker has under lease
 * may still come back unsent: the replay is stepped on until nothing of it is under way.
 */
export async function stopReplay(
  deps: Pick<ReplayDeps, "recordAudit">,
  trx: DatabaseTransaction,
  actor: Actor,
  replay: { readonly id: string; readonly reason: ReplayStopReason },
  now: number,
): Promise<boolean> {
  const { id, reason } = replay;
  const { numUpdatedRows } = await trx
    .updateTable("replays")
    .set({ status: "stopped", stop_reason: reason, next_step_at: now, updated_at: now, finished_at: now })
    .where("id", "=", id)
    .where("status", "in", ["running", "paused"])
    .executeTakeFirst();
  if (numUpdatedRows === 0n) return false;
  const takenBack = await takeBack(trx, id, now);
  const target = { kind: "replay", id } as const;
  const metadata = { reason, taken_back: takenBack };
  await deps.recordAudit(trx, { actor, action: "replay.stopped", target, metadata }, now);
  return true;
}
