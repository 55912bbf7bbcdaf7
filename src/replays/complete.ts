import { sql } from "kysely";
import type { Database, DatabaseTransaction } from "../db/open.ts";
import { systemActor } from "../domain/actor.ts";
import type { ReplayDeps } from "./deps.ts";
import { countOutstanding } from "./outstanding.ts";
import { readParts } from "./replay-connections.ts";
import type { ReplayRow } from "./replay-row.ts";

/**
 * Ends a replay that has queued everything and has nothing outstanding: as completed, or as stopped if a receiver has
 * failed too often. Deliveries that were cancelled in between count as skipped. Returns whether it has ended.
 */
export async function completeReplay(
  { recordAudit }: Pick<ReplayDeps, "recordAudit">,
  trx: DatabaseTransaction,
  replay: Pick<ReplayRow, "id" | "workspace_id">,
  now: number,
): Promise<boolean> {
  if ((await countOutstanding(trx, replay.id)).size > 0) return false;
  const parts = [...(await readParts(trx, replay.id)).values()];
  if (parts.some(({ state }) => state === "waiting")) return false;
  const stopped = parts.filter(({ state }) => state === "stopped");
  const hasFailed = stopped.length > 0;
  const { numUpdatedRows } = await trx
    .updateTable("replays")
    .set({
      status: hasFailed ? "stopped" : "completed",
      stop_reason: hasFailed ? "failures" : null,
      // Deliveries withdrawn from a failing receiver are neither queued nor skipped.
      ...(hasFailed
        ? {}
        : { total: sql`queued + skipped`, skipped: sql`queued + skipped - delivered - failed` }),
      is_waiting: 0,
      next_step_at: null,
      updated_at: now,
      finished_at: now,
    })
    .where("id", "=", replay.id)
    .where("status", "=", "running")
    .where("has_queued_all", "=", 1)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) return false;
  if (hasFailed) {
    const connection_ids = stopped.slice(0, NAMED_MAX).map(({ connectionId }) => connectionId);
    await auditStop(recordAudit, trx, replay, { reason: "failures", connection_ids }, now);
  }
  return true;
}

const NAMED_MAX = 10;

async function auditStop(
  recordAudit: ReplayDeps["recordAudit"],
  trx: Database,
  { id, workspace_id }: Pick<ReplayRow, "id" | "workspace_id">,
  metadata: { readonly reason: "failures"; readonly connection_ids: string[] },
  now: number,
): Promise<void> {
  const target = { kind: "replay", id } as const;
  const actor = systemActor(workspace_id);
  await recordAudit(trx, { actor, action: "replay.stopped", target, metadata }, now);
}
