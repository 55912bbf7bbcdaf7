import { isAmong } from "../db/among.ts";
import {
  type Page,
  type PageRequest,
  type Position,
  ROWS_LOOKED_AT_MAX,
  readPage,
  readSliceEnd,
  SLICE_ROWS,
  within,
} from "../db/paging.ts";
import { LongWork } from "../db/turns.ts";
import { createSearch } from "../domain/search-text.ts";
import type { WalkDeps } from "./delivery-walk.ts";
import { EVENT_LISTING_COLUMNS } from "./event-listing.ts";
import { EVENT_WALK, type EventFilter, isSparse, walkEvents, whereWanted } from "./event-walk.ts";
import type { Searched } from "./page-deliveries.ts";

/** Events whose payloads are read together, which blocks everyone on the embedded database. */
const TEXT_ROWS = 20;
/** Limits of one page of a search: events, characters, and time. */
const TEXT_ROWS_MAX = 2000;
const CHARACTERS_MAX = 16 * 1024 * 1024;
const PAGE_MS_MAX = 40;

type Row = Awaited<ReturnType<typeof readSlice>>[number];
type EventPage = Page<Row> & { readonly searched: Searched | null };

/**
 * One page of a workspace's events. If no index contains exactly the matches, a bounded number of rows is searched, so
 * a page can have fewer rows than requested, even none, although more follow.
 */
export async function findEvents(
  deps: WalkDeps,
  workspaceId: string,
  filter: EventFilter,
  page: PageRequest,
): Promise<EventPage> {
  return filter.text === null
    ? pageEvents(deps, workspaceId, filter, page)
    : searchPayloads(deps, workspaceId, { filter, text: filter.text }, page);
}

async function pageEvents(
  { db }: WalkDeps,
  workspaceId: string,
  filter: EventFilter,
  page: PageRequest,
): Promise<EventPage> {
  if (!isSparse(filter)) {
    const all = walkEvents(db, workspaceId, filter).select(EVENT_LISTING_COLUMNS);
    return { ...(await readPage(all, page, EVENT_WALK)), searched: null };
  }
  const list = walkEvents(db, workspaceId, filter).select(["id", "accepted_at as created_at"]);
  const rows: Row[] = [];
  let { after } = page;
  for (let looked = 0; looked < ROWS_LOOKED_AT_MAX; looked += SLICE_ROWS) {
    const until: Position | null = await readSliceEnd(list, after, "desc", EVENT_WALK, SLICE_ROWS);
    const limit = page.limit + 1 - rows.length;
    rows.push(...(await readSlice({ db }, workspaceId, filter, { after, until, limit })));
    if (rows.length > page.limit) {
      const shown = rows.slice(0, page.limit);
      return stopped(shown, looked + SLICE_ROWS, positionOf(shown.at(-1)));
    }
    if (until === null) return stopped(rows, looked + SLICE_ROWS, null);
    after = until;
  }
  return stopped(rows, ROWS_LOOKED_AT_MAX, after);
}

type Search = { readonly filter: EventFilter; readonly text: string };

/** The events of a filter whose data contains a text. */
async function searchPayloads(
  deps: WalkDeps,
  workspaceId: string,
  { filter, text }: Search,
  page: PageRequest,
): Promise<EventPage> {
  const matches = createSearch(text);
  const work = new LongWork(workspaceId);
  const startedMs = performance.now();
  const rows: Row[] = [];
  let { after } = page;
  let looked = 0;
  let characters = 0;
  for (;;) {
    const slice = await pageEvents(deps, workspaceId, filter, { after, limit: TEXT_ROWS });
    const texts = await readPayloads(deps, workspaceId, slice.rows);
    for (const row of slice.rows) {
      const own = texts.get(row.id) ?? "";
      looked++;
      characters += own.length;
      after = positionOf(row);
      if (matches(own)) rows.push(row);
      if (rows.length === page.limit) return stopped(rows, looked, after);
    }
    if (!slice.hasMore) return stopped(rows, looked, null);
    after = slice.stoppedAt ?? after;
    const isSpent = looked >= TEXT_ROWS_MAX || characters >= CHARACTERS_MAX;
    if (isSpent || performance.now() - startedMs > PAGE_MS_MAX) return stopped(rows, looked, after);
    await work.pause();
  }
}

function readSlice(
  { db }: Pick<WalkDeps, "db">,
  workspaceId: string,
  filter: EventFilter,
  {
    after,
    until,
    limit,
  }: { readonly after: Position | null; readonly until: Position | null; readonly limit: number },
) {
  const wanted = whereWanted(walkEvents(db, workspaceId, filter), filter).select(EVENT_LISTING_COLUMNS);
  return within(wanted, { after, until }, "desc", EVENT_WALK)
    .orderBy("accepted_at", "desc")
    .orderBy("id", "desc")
    .limit(limit)
    .execute();
}

async function readPayloads(
  { db, dialect }: WalkDeps,
  workspaceId: string,
  rows: readonly Row[],
): Promise<ReadonlyMap<string, string>> {
  const ids = rows.map(({ id }) => id);
  const found = await db
    .selectFrom("events")
    .select(["id", "data"])
    .where("workspace_id", "=", workspaceId)
    .where((eb) => isAmong(dialect, eb.ref("id"), ids))
    .execute();
  return new Map(found.map(({ id, data }) => [id, data]));
}

function positionOf(row: Row | undefined): Position | null {
  return row === undefined ? null : { createdAt: row.created_at, id: row.id };
}

/** @param at Where the next page continues; null when nothing is left. */
function stopped(rows: readonly Row[], looked: number, at: Position | null): EventPage {
  const searched = { until: at?.createdAt ?? null, rows: looked, isComplete: at === null };
  return at === null ? { rows, hasMore: false, searched } : { rows, hasMore: true, stoppedAt: at, searched };
}
