import type { Database } from "../db/open.ts";
import { inWalk, isWanted } from "../history/read-filter.ts";
import type { ReplayFilter } from "./replay-row.ts";

/** The deliveries a replay is about, tests left out: they are never sent a second time. */
export function chooseDeliveries(db: Database, workspaceId: string, filter: ReplayFilter) {
  return db
    .selectFrom("deliveries")
    .where(inWalk(workspaceId, filter))
    .where(isWanted(filter))
    .where("deliveries.trigger_kind", "!=", "test");
}

/** The filter as it stood at a time: what came later is not meant. */
export function asOf(filter: ReplayFilter, time: number): ReplayFilter {
  return { ...filter, createdBefore: Math.min(filter.createdBefore ?? Number.MAX_SAFE_INTEGER, time + 1) };
}
