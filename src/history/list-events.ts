import { sql } from "kysely";
import type { Database, Dialect } from "../db/open.ts";
import type { Page, PageRequest } from "../db/paging.ts";
import { isPayloadDeleted } from "../domain/event.ts";
import { countOutcomes, type Outcomes } from "./count-outcomes.ts";
import { type EventListing, toEventListing } from "./event-listing.ts";
import type { EventFilter } from "./event-walk.ts";
import type { Searched } from "./page-deliveries.ts";
import { findEvents } from "./search-events.ts";

export type ListedEvent = EventListing & {
  readonly outcomes: Outcomes;
  /** The exact value as compact JSON, null once deleted; omitted unless requested. */
  readonly dataJson?: string | null;
};

export type ListedEvents = Page<ListedEvent> & {
  /** Null if an index found the whole page. */
  readonly searched: Searched | null;
};

/** Limit for the payloads of one page; at least one event is listed, however large. */
const PAGE_DATA_BYTES_MAX = 2 * 1024 * 1024;

type ReadDeps = { readonly db: Database; readonly dialect: Dialect };

/** A workspace's events, newest accepted first. With data, a page ends early if its payloads are large. */
export async function listEvents(
  deps: ReadDeps,
  workspaceId: string,
  filter: EventFilter,
  page: PageRequest,
  includesData: boolean,
): Promise<ListedEvents> {
  const found = await findEvents(deps, workspaceId, filter, page);
  const fitting = includesData ? { ...found, ...(await truncateToBytes(deps, workspaceId, found)) } : found;
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

/** The first rows of a page whose payloads fit. */
async function truncateToBytes<Row extends { readonly id: string; readonly created_at: number }>(
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
  const truncated = page.rows.findIndex(({ id }, index) => {
    bytes += lengths.get(id) ?? 0;
    return index > 0 && bytes > PAGE_DATA_BYTES_MAX;
  });
  if (truncated === -1) return page;
  const rows = page.rows.slice(0, truncated);
  const last = rows.at(-1);
  if (last === undefined) throw new Error("a page was cut to no rows");
  return { rows, hasMore: true, stoppedAt: { createdAt: last.created_at, id: last.id } };
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
