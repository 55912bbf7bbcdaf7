import { type Position, within } from "../db/paging.ts";
import { LongWork } from "../db/turns.ts";
import {
  chooseWalk,
  DELIVERY_WALK,
  type DeliveryWalk,
  readWalkEnd,
  type WalkDeps,
  walkRange,
  wantedOfRange,
} from "./delivery-walk.ts";
import { eventOfDelivery } from "./event-of-delivery.ts";
import { add, type FacetMaps, type Facets, noCounts, toFacets } from "./facet-counts.ts";
import type { DeliveryFilter } from "./read-filter.ts";

/** Deliveries examined for exact counts: some 20 ms on either database. */
const ROWS_MAX = 2000;
const SLICE_ROWS = 500;

/** The facets of a filter, counted row by row; null when there are too many rows to examine. */
export async function countFacets(
  deps: WalkDeps,
  workspaceId: string,
  filter: DeliveryFilter,
): Promise<Facets | null> {
  const walk = chooseWalk(deps.dialect, workspaceId, filter);
  if (await hasMore(deps, walk, filter)) return null;
  const counts = noCounts();
  const work = new LongWork(workspaceId);
  for (const range of walk.ranges) {
    const own = { ...walk, ranges: [range] };
    let after: Position | null = null;
    do {
      const slice = { after, direction: "desc", rowsMax: SLICE_ROWS } as const;
      const until: Position | null = await readWalkEnd(deps, own, filter, slice);
      await countSlice(deps, workspaceId, own, filter, { after, until }, counts);
      after = until;
      await work.pause();
    } while (after !== null);
  }
  return toFacets(counts);
}

/** Whether the ranges contain more than `ROWS_MAX` rows. Counts no more index entries than that. */
async function hasMore(deps: WalkDeps, walk: DeliveryWalk, filter: DeliveryFilter): Promise<boolean> {
  let left = ROWS_MAX;
  for (const range of walk.ranges) {
    const some = walkRange(deps, walk, range, filter).limit(left + 1);
    const { count } = await deps.db
      .selectFrom(some.as("some"))
      .select((eb) => eb.fn.countAll<number>().as("count"))
      .executeTakeFirstOrThrow();
    left -= Number(count);
    if (left < 0) return true;
  }
  return false;
}

async function countSlice(
  deps: WalkDeps,
  workspaceId: string,
  walk: DeliveryWalk,
  filter: DeliveryFilter,
  slice: { readonly after: Position | null; readonly until: Position | null },
  counts: FacetMaps,
): Promise<void> {
  const [range] = walk.ranges;
  if (range === undefined) return;
  const wanted = within(wantedOfRange(deps, workspaceId, walk, range, filter), slice, "desc", DELIVERY_WALK);
  const rows = await wanted
    .innerJoin("events", eventOfDelivery)
    .select(["deliveries.status", "deliveries.connection_id", "events.type"])
    .select(["deliveries.response_status", "deliveries.error_code"])
    .execute();
  for (const row of rows) {
    add(counts.status, row.status);
    add(counts.connection, row.connection_id);
    add(counts.eventType, row.type);
    add(counts.responseStatus, row.response_status);
    add(counts.errorCode, row.error_code);
  }
}
