import { sql } from "kysely";
import { offIndex } from "../db/off-index.ts";
import type { Database, Dialect } from "../db/open.ts";
import { type Page, type PageRequest, readPage, readSparsePage } from "../db/paging.ts";
import { isPayloadDeleted, type ShownOrigin, TEST_EVENT_TYPE } from "../domain/event.ts";
import { countOutcomes, type Outcomes } from "./count-outcomes.ts";
import { EVENT_LISTING_COLUMNS, type EventListing, toEventListing } from "./event-listing.ts";
import { isAnyType } from "./is-any-type.ts";

/** Which events of a workspace are meant; null where everything is. Times are epoch milliseconds. */
export type EventFilter = {
  /** Exact types and prefixes such as `order.*`. */
  readonly types: readonly string[] | null;
  readonly origin: ShownOrigin | null;
  readonly acceptedFrom: number | null;
  readonly acceptedBefore: number | null;
  readonly hasFailed: boolean | null;
};

export type ListedEvent = EventListing & {
  readonly outcomes: Outcomes;
  /** The exact value as compact JSON, null once it has been deleted; left out where it is not asked for. */
  readonly dataJson?: string | null;
};

/** Of the payloads of one page; at least one event is listed, however large. */
const PAGE_DATA_BYTES_MAX = 2 * 1024 * 1024;

type ReadDeps = { readonly db: Database; readonly dialect: Dialect };

/** A workspace's events, the last accepted first. With data a page ends early where its payloads are large. */
export async function listEvents(
  deps: ReadDeps,
  workspaceId: string,
  filter: EventFilter,
  page: PageRequest,
  includesData: boolean,
): Promise<Page<ListedEvent>> {
  const { db } = deps;
  const walk = walkEvents(db, workspaceId, filter).select(["id", "accepted_at as created_at"]);
  const query = whereWanted(walkEvents(db, workspaceId, filter), filter).select(EVENT_LISTING_COLUMNS);
  const found = isSparse(filter)
    ? await readSparsePage(query, walk, page, EVENT_WALK)
    : await readPage(query, page, EVENT_WALK);
  const fitting = includesData ? await cutToBytes(deps, workspaceId, found) : found;
  const ids = fitting.rows.map(({ id }) => id);
  const outcomes = await countOutcomes(deps, workspaceId, ids);
  const data = includesData ? await readData(deps, workspaceId, ids) : null;
  const rows = fitting.rows.map((row) => ({
    ...toEventListing(row),
    outcomes: outcomes.get(row.id) ?? NO_DELIVERIES,
    ...(data === null ? {} : { dataJson: data.get(row.id) ?? null }),
  }));
  return { ...fitting, rows };
}

const NO_DELIVERIES: Outcomes = { pending: 0, delivered: 0, failed: 0, cancelled: 0, isExact: true };

const EVENT_WALK = { time: "accepted_at", id: "id" } as const;

function isSparse({ types, origin, hasFailed }: EventFilter): boolean {
  return types !== null || origin !== null || hasFailed !== null;
}

/** The part of all events that an index can walk. */
function walkEvents(db: Database, workspaceId: string, { acceptedFrom, acceptedBefore }: EventFilter) {
  let query = db.selectFrom("events").where("workspace_id", "=", workspaceId);
  if (acceptedFrom !== null) query = query.where("accepted_at", ">=", acceptedFrom);
  if (acceptedBefore !== null) query = query.where("accepted_at", "<", acceptedBefore);
  return query;
}

function whereWanted(query: ReturnType<typeof walkEvents>, { types, origin, hasFailed }: EventFilter) {
  let wanted = query;
  if (types !== null) wanted = wanted.where(isAnyType(sql.ref("events.type"), types));
  if (origin === "test") wanted = wanted.where("type", "=", TEST_EVENT_TYPE);
  else if (origin !== null) wanted = wanted.where("origin", "=", origin).where("type", "!=", TEST_EVENT_TYPE);
  if (hasFailed === null) return wanted;
  return wanted.where((eb) => {
    const failed = eb.exists(
      eb
        .selectFrom("deliveries")
        .select("deliveries.id")
        .where(offIndex("deliveries.workspace_id"), "=", eb.ref("events.workspace_id"))
        .whereRef("deliveries.event_id", "=", "events.id")
        .where("deliveries.status", "=", "failed"),
    );
    return hasFailed ? failed : eb.not(failed);
  });
}

/** The rows of a page, the first ones, whose payloads fit. */
async function cutToBytes<Row extends { readonly id: string }>(
  deps: ReadDeps,
  workspaceId: string,
  page: Page<Row>,
): Promise<Page<Row>> {
  const lengths = await readLengths(
    deps,
    workspaceId,
    page.rows.map(({ id }) => id),
  );
  let bytes = 0;
  const cut = page.rows.findIndex(({ id }, index) => {
    bytes += lengths.get(id) ?? 0;
    return index > 0 && bytes > PAGE_DATA_BYTES_MAX;
  });
  return cut === -1 ? page : { rows: page.rows.slice(0, cut), hasMore: true };
}

async function readLengths(
  { db }: ReadDeps,
  workspaceId: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom("events")
    .select(["id", sql<number>`octet_length(data)`.as("bytes")])
    .where("workspace_id", "=", workspaceId)
    .where("id", "in", ids)
    .execute();
  return new Map(rows.map(({ id, bytes }) => [id, Number(bytes)]));
}

async function readData(
  { db }: ReadDeps,
  workspaceId: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string | null>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom("events")
    .select(["id", "data"])
    .where("workspace_id", "=", workspaceId)
    .where("id", "in", ids)
    .execute();
  return new Map(rows.map(({ id, data }) => [id, isPayloadDeleted(data) ? null : data]));
}
