import {
  type Direction,
  type Page,
  type PageRequest,
  type Position,
  ROWS_LOOKED_AT_MAX,
} from "../db/paging.ts";
import {
  chooseWalk,
  type DeliveryWalk,
  RANGES_MAX,
  readNext,
  readWalkEnd,
  type WalkDeps,
} from "./delivery-walk.ts";
import { type OwnDeliveries, readOwnConnections } from "./own-deliveries.ts";
import { type DeliveryFilter, knownConnections } from "./read-filter.ts";
import { findTypes, nextOfTypes } from "./walk-types.ts";

export type DeliveryPageRequest = PageRequest & { readonly direction: Direction };

/** How far a page has searched, if it had to examine deliveries that do not match. */
export type Searched = { readonly until: number | null; readonly rows: number; readonly isComplete: boolean };

export type PositionPage = Page<Position> & { readonly searched: Searched | null };

/** Rows of a slice: few after a leap to the next event of a type, more while there are many matches. */
const SLICE_AFTER_LEAP = 30;
const SLICE_FIRST = 250;
const SLICE_MAX = 2500;
/** Slices per page; each takes one to three round trips to the database. */
const SLICES_MAX = 40;

const NOTHING: PositionPage = { rows: [], hasMore: false, searched: null };

/**
 * One page of a workspace's deliveries. If no index contains exactly the matches, they are searched in slices of a
 * bounded number of rows, so a page can have fewer rows than requested although more follow.
 */
export async function pageDeliveries(
  deps: WalkDeps,
  workspaceId: string,
  filter: DeliveryFilter,
  page: DeliveryPageRequest,
): Promise<PositionPage> {
  const known = await withKnownConnections(deps, workspaceId, filter);
  if (known === null) return NOTHING;
  const walk = chooseWalk(deps.dialect, workspaceId, known);
  if (walk.isExact || known.ids !== null || known.eventId !== null) {
    const rows = await readNext(deps, workspaceId, walk, known, {
      after: page.after,
      until: null,
      direction: page.direction,
      limit: page.limit + 1,
    });
    return { rows: rows.slice(0, page.limit), hasMore: rows.length > page.limit, searched: null };
  }
  return pageSparse(deps, workspaceId, walk, known, page);
}

/** The filter without connections that the caller cannot see; null when no connection is left. */
export async function withKnownConnections(
  deps: WalkDeps,
  workspaceId: string,
  filter: DeliveryFilter,
): Promise<DeliveryFilter | null> {
  const { own = null } = filter;
  if (filter.connectionIds === null)
    return own === null ? filter : withOwnConnections(deps, workspaceId, filter, own);
  const connectionIds = await knownConnections(deps, workspaceId, filter.connectionIds, own);
  return connectionIds.length === 0 ? null : { ...filter, connectionIds };
}

/** A few connections are walked one by one; for more, all deliveries of the workspace are searched. */
async function withOwnConnections(
  { db }: WalkDeps,
  workspaceId: string,
  filter: DeliveryFilter,
  own: OwnDeliveries,
): Promise<DeliveryFilter | null> {
  const connectionIds = await readOwnConnections(db, workspaceId, own, RANGES_MAX + 1);
  if (connectionIds.length === 0) return null;
  return connectionIds.length > RANGES_MAX ? filter : { ...filter, connectionIds };
}

async function pageSparse(
  deps: WalkDeps,
  workspaceId: string,
  walk: DeliveryWalk,
  filter: DeliveryFilter,
  { after: from, limit, direction }: DeliveryPageRequest,
): Promise<PositionPage> {
  const types = await findTypes(deps, workspaceId, filter.eventTypes);
  const rows: Position[] = [];
  let after = from;
  let looked = 0;
  let rowsMax = types === null ? SLICE_FIRST : SLICE_AFTER_LEAP;
  let lastSliceMs = 0;
  const stop = (hasMore: boolean): PositionPage => {
    const last = hasMore && after !== null && rows.length <= limit ? { stoppedAt: after } : {};
    const shown = rows.slice(0, limit);
    const until = (hasMore ? (rows.length > limit ? shown.at(-1) : after) : null)?.createdAt ?? null;
    return { rows: shown, hasMore, ...last, searched: { until, rows: looked, isComplete: !hasMore } };
  };
  for (let slices = 0; slices < SLICES_MAX && looked < ROWS_LOOKED_AT_MAX; slices++) {
    if (types !== null) {
      const next = await nextOfTypes(deps, workspaceId, types, { after, direction, filter });
      if (next === null) return stop(false);
      // If leaps are no longer than a slice, most events are of these types, and slices are faster.
      const isLong = after === null || Math.abs(after.createdAt - next.position.createdAt) > lastSliceMs;
      rowsMax = isLong ? SLICE_AFTER_LEAP : Math.min(SLICE_MAX, 2 * rowsMax);
      if (next.isSkipped) after = next.position;
    }
    rowsMax = Math.min(rowsMax, ROWS_LOOKED_AT_MAX - looked);
    const until = await readWalkEnd(deps, walk, filter, { after, direction, rowsMax });
    const slice = { after, until, direction, limit: limit + 1 - rows.length };
    const found = await readNext(deps, workspaceId, walk, filter, slice);
    rows.push(...found);
    looked += rowsMax;
    if (rows.length > limit) return stop(true);
    if (until === null) return stop(false);
    lastSliceMs = after === null ? 0 : Math.abs(after.createdAt - until.createdAt);
    after = until;
    if (types === null) rowsMax = Math.min(SLICE_MAX, 2 * rowsMax);
  }
  return stop(true);
}
