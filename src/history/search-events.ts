import type { Database, Dialect } from "../db/open.ts";
import {
  type Page,
  type PageRequest,
  type Position,
  ROWS_LOOKED_AT_MAX,
  readSliceEnd,
  SLICE_ROWS,
  within,
} from "../db/paging.ts";
import { LongWork } from "../db/turns.ts";
import { EVENT_LISTING_COLUMNS } from "./event-listing.ts";
import { EVENT_WALK, type EventFilter, walkEvents, whereWanted } from "./event-walk.ts";

/** How far a page has looked where it had to look at events that are not meant. */
export type Searched = { readonly until: number | null; readonly rows: number; readonly isComplete: boolean };

const SLICE_FIRST = 50;
/** How long a statement may take before the next looks at less: the embedded database reads on the main thread. */
const STATEMENT_BUDGET_MS = { sqlite: 5, postgres: 100 } as const;
/** How long a page may search in payloads, which may be long. */
const SEARCH_BUDGET_MS = 300;

type ReadDeps = { readonly db: Database; readonly dialect: Dialect };

/**
 * One page of what no index holds by itself, looked for in slices of a bounded number of rows; in payloads also for a bounded
 * time. So a page may have fewer rows than asked for and still have more after it.
 */
export async function searchEvents(
  { db, dialect }: ReadDeps,
  workspaceId: string,
  filter: EventFilter,
  { after: from, limit }: PageRequest,
) {
  const list = walkEvents(db, workspaceId, filter).select(["id", "accepted_at as created_at"]);
  const query = whereWanted(walkEvents(db, workspaceId, filter), dialect, filter).select(
    EVENT_LISTING_COLUMNS,
  );
  const read = (after: Position | null, until: Position | null, rowsMax: number) =>
    within(query, { after, until }, "desc", EVENT_WALK)
      .orderBy("accepted_at", "desc")
      .orderBy("id", "desc")
      .limit(rowsMax)
      .execute();
  const rows: Awaited<ReturnType<typeof read>> = [];
  const work = new LongWork(workspaceId);
  const startedAt = performance.now();
  const isOver = () => filter.text !== null && performance.now() - startedAt > SEARCH_BUDGET_MS;
  let after = from;
  let looked = 0;
  let size = SLICE_FIRST;
  while (looked < ROWS_LOOKED_AT_MAX && !(looked > 0 && isOver())) {
    const sliceStartedAt = performance.now();
    size = Math.min(size, ROWS_LOOKED_AT_MAX - looked);
    const until: Position | null = await readSliceEnd(list, after, "desc", EVENT_WALK, size);
    rows.push(...(await read(after, until, limit + 1 - rows.length)));
    looked += size;
    if (rows.length > limit) return stopped(rows.slice(0, limit), looked, { hasMore: true, at: null });
    if (until === null) return stopped(rows, looked, { hasMore: false, at: null });
    after = until;
    size = nextSize(size, performance.now() - sliceStartedAt, STATEMENT_BUDGET_MS[dialect]);
    await work.pause();
  }
  return stopped(rows, looked, { hasMore: true, at: after });
}

function nextSize(size: number, tookMs: number, budgetMs: number): number {
  if (tookMs > budgetMs) return Math.max(1, Math.floor(size / 2));
  return tookMs < budgetMs / 2 ? Math.min(SLICE_ROWS, 2 * size) : size;
}

function stopped<Row extends { readonly created_at: number }>(
  rows: readonly Row[],
  looked: number,
  { hasMore, at }: { readonly hasMore: boolean; readonly at: Position | null },
): Page<Row> & { readonly searched: Searched } {
  const until = hasMore ? (at?.createdAt ?? rows.at(-1)?.created_at ?? null) : null;
  return {
    rows,
    hasMore,
    ...(at === null ? {} : { stoppedAt: at }),
    searched: { until, rows: looked, isComplete: !hasMore },
  };
}
