import type { Database } from "../../src/db/open.ts";
import type { Actor } from "../../src/domain/actor.ts";
import { ANY_DELIVERY } from "../../src/history/read-filter.ts";
import type { ReplayFilter, ReplayRow } from "../../src/replays/replay-row.ts";
import { insertRowsOf } from "./insert-rows.ts";
import type { PlannedConnection } from "./plan-connections.ts";
import type { SeededRandom } from "./random.ts";
import { idAt } from "./seeded-id.ts";

const HOUR_MS = 60 * 60 * 1000;

type ReplayHistory = {
  readonly actors: readonly Actor[];
  readonly connections: readonly PlannedConnection[];
  readonly history: { readonly from: number; readonly until: number };
};

/** Replays that have ended: most were completed, some stopped at a receiver that was still failing. */
export async function writeReplays(
  db: Database,
  history: ReplayHistory,
  random: SeededRandom,
): Promise<void> {
  const rows = Array.from({ length: 6 }, () => replayRow(history, random));
  await insertRowsOf(db, "replays", rows);
}

function replayRow({ actors, connections, history }: ReplayHistory, random: SeededRandom): ReplayRow {
  const actor = random.pick(actors);
  const createdAt = random.int(history.from, history.until - HOUR_MS);
  const total = random.int(12, 4000);
  const isStopped = random.chance(0.35);
  const delivered = isStopped ? random.int(0, total - 10) : total;
  const failed = isStopped ? 5 : 0;
  const finishedAt = createdAt + random.int(20, 900) * 1000;
  const filter: ReplayFilter = {
    ...ANY_DELIVERY,
    statuses: ["failed"],
    connectionIds: [random.pick(connections).row.id],
    createdFrom: createdAt - 6 * HOUR_MS,
    createdBefore: createdAt,
  };
  return {
    id: idAt(createdAt, random),
    workspace_id: actor.workspaceId,
    status: isStopped ? "stopped" : "completed",
    stop_reason: isStopped ? "failures" : null,
    filter: JSON.stringify(filter),
    rate_per_second: 10,
    total,
    queued: delivered + failed,
    delivered,
    failed,
    skipped: 0,
    position_created_at: null,
    position_id: null,
    has_queued_all: 1,
    next_step_at: null,
    starts: "now",
    healthy_only: 0,
    is_waiting: 0,
    created_by: actor.name,
    created_at: createdAt,
    updated_at: finishedAt,
    finished_at: finishedAt,
  };
}
