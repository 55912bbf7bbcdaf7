import { newId } from "../db/new-id.ts";
import type { Actor } from "../domain/actor.ts";
import type { ReplayStart } from "../domain/replay.ts";
import { describeFilter } from "../history/describe-filter.ts";
import { type StoreKey, storeNoKey } from "../idempotency/only-once.ts";
import type { ReplayDeps } from "./deps.ts";
import { previewReplay } from "./preview.ts";
import { NO_CONNECTIONS, type Replay, type ReplayFilter, type ReplayRow, toReplay } from "./replay-row.ts";

export type ReplayRequest = {
  readonly filter: ReplayFilter;
  readonly ratePerSecond: number;
  readonly starts: ReplayStart;
  /** Leaves out connections whose receiver accepts nothing when the replay reaches them. */
  readonly healthyOnly: boolean;
};

/**
 * Starts resending the deliveries that match the filter now, oldest first. The replay continues in steps, across
 * restarts.
 *
 * @throws {OpenSendError} `not_found` when the workspace has no such connection.
 */
export async function startReplay(
  deps: ReplayDeps,
  actor: Actor,
  request: ReplayRequest,
  storeKey: StoreKey = storeNoKey,
): Promise<Replay> {
  const now = deps.now();
  const { filter, ratePerSecond, starts, healthyOnly } = request;
  const { count, countIsExact } = await previewReplay(deps, actor.workspaceId, filter, now);
  const row: ReplayRow = {
    id: newId(),
    workspace_id: actor.workspaceId,
    status: "running",
    stop_reason: null,
    filter: JSON.stringify(filter),
    rate_per_second: ratePerSecond,
    total: count,
    queued: 0,
    delivered: 0,
    failed: 0,
    skipped: 0,
    position_created_at: null,
    position_id: null,
    has_queued_all: 0,
    next_step_at: now,
    starts,
    healthy_only: healthyOnly ? 1 : 0,
    is_waiting: 0,
    created_by: actor.name,
    created_at: now,
    updated_at: now,
    finished_at: null,
  };
  await deps.db.transaction().execute(async (trx) => {
    await storeKey(trx, row.id);
    await trx.insertInto("replays").values(row).execute();
    const target = { kind: "replay", id: row.id } as const;
    const metadata = {
      filter: describeFilter(filter),
      rate_per_second: ratePerSecond,
      starts,
      healthy_only: healthyOnly,
      total: count,
      total_is_exact: countIsExact,
    };
    await deps.recordAudit(trx, { actor, action: "replay.started", target, metadata }, now);
  });
  deps.publishChange(actor.workspaceId, "replay", [row.id]);
  return toReplay(row, NO_CONNECTIONS);
}
