import type { DatabaseTransaction } from "../db/open.ts";
import type { Actor } from "../domain/actor.ts";
import type { ReplayDeps } from "./deps.ts";
import { withdraw } from "./withdraw.ts";

/**
 * Stops a replay that has not ended. Returns the connections of the deliveries withdrawn, which a worker may have
 * buffered; null when the replay has already ended.
 */
export async function stopReplay(
  deps: Pick<ReplayDeps, "recordAudit" | "dialect">,
  trx: DatabaseTransaction,
  actor: Actor,
  id: string,
  now: number,
): Promise<readonly string[] | null> {
  const { numUpdatedRows } = await trx
    .updateTable("replays")
    .set({
      status: "stopped",
      stop_reason: "manual",
      is_waiting: 0,
      next_step_at: null,
      updated_at: now,
      finished_at: now,
    })
    .where("id", "=", id)
    .where("status", "in", ["running", "paused"])
    .executeTakeFirst();
  if (numUpdatedRows === 0n) return null;
  const withdrawn = await withdraw(trx, deps.dialect, id, null, now);
  const target = { kind: "replay", id } as const;
  const metadata = { reason: "manual", taken_back: withdrawn.deliveries };
  await deps.recordAudit(trx, { actor, action: "replay.stopped", target, metadata }, now);
  return withdrawn.connectionIds;
}
