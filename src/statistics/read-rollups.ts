import { type RawBuilder, type SqlBool, sql } from "kysely";
import type { Database, Dialect } from "../db/open.ts";
import { LongWork } from "../db/turns.ts";
import {
  type Dimension,
  HOUR_MS,
  MINUTE_MS,
  OTHER,
  type StoredInterval,
  smallestView,
  VIEW_DIMENSIONS,
  type View,
} from "../domain/statistics.ts";
import { otherOf } from "./bound.ts";
import { type Counts, noCounts } from "./entry.ts";
import { CLASS_COLUMNS, INTERVAL_SECONDS } from "./rollups-table.ts";

/** What statistics are narrowed to; null where everything is. */
export type StatisticsFilter = {
  readonly connectionId: string | null;
  /** An exact type, or a prefix such as `order.*`. */
  readonly eventType: string | null;
  readonly outcome: string | null;
  readonly cause: string | null;
};

/** A stretch of stored intervals: from `from` to before `to`. */
export type Stretch = {
  readonly workspaceId: string;
  readonly interval: StoredInterval;
  readonly from: number;
  readonly to: number;
};

export type RollupRow = {
  readonly start: number;
  /** Of the dimension it is grouped by; empty without one. */
  readonly group: string;
  readonly outcome: string;
  readonly counts: Counts;
};

const COLUMN_OF = {
  connection: "connection_id",
  event_type: "event_type",
  outcome: "outcome",
  cause: "cause",
} as const satisfies Record<Dimension, string>;

const STORED_MS: Readonly<Record<StoredInterval, number>> = { minute: MINUTE_MS, hour: HOUR_MS };
/** Intervals looked up by one statement at most; at first few, since each may have a thousand rows or none. */
const STARTS_MAX = 200;
const STARTS_FIRST = 4;
/** How long a statement may take before the next is made smaller: the embedded database reads on the main thread. */
const STATEMENT_BUDGET_MS = { sqlite: 5, postgres: 100 } as const;

type Reading = {
  readonly filter: StatisticsFilter;
  readonly groupBy: Dimension | null;
  /** Only these groups; null for all. */
  readonly groups: readonly string[] | null;
  /** Only attempts that did not deliver: those that have causes. */
  readonly failuresOnly?: boolean;
  /** More than one value of a dimension: what is compared, and by which of them. */
  readonly also?: {
    readonly dimensions: readonly Dimension[];
    readonly conditions: readonly RawBuilder<SqlBool>[];
  };
  /** Whether rows tell their start; else all of a statement's intervals are added up. */
  readonly byStart: boolean;
};

/** The view that tells apart what a filter and a grouping ask for. */
function viewOf(filter: StatisticsFilter, groupBy: Dimension | null, more: readonly Dimension[] = []): View {
  return smallestView([...filteredBy(filter), ...(groupBy === null ? [] : [groupBy]), ...more]);
}

function filteredBy(filter: StatisticsFilter): readonly Dimension[] {
  return [
    ...(filter.connectionId === null ? [] : (["connection"] as const)),
    ...(filter.eventType === null ? [] : (["event_type"] as const)),
    ...(filter.outcome === null ? [] : (["outcome"] as const)),
    ...(filter.cause === null ? [] : (["cause"] as const)),
  ];
}

/**
 * Reads rollups, a few intervals at a time, and lets others have their turn in between. Every interval is looked up by its
 * key, so the cost is that of what is asked for, whatever else is stored.
 */
export async function readRollups(
  { db, dialect }: { readonly db: Database; readonly dialect: Dialect },
  stretch: Stretch,
  reading: Reading,
): Promise<readonly RollupRow[]> {
  const result: RollupRow[] = [];
  const work = new LongWork(stretch.workspaceId);
  const starts = startsOf(stretch);
  let size = STARTS_FIRST;
  for (let done = 0; done < starts.length; ) {
    const startedAt = performance.now();
    const rows = await readSome(
      db,
      dialect,
      { ...stretch, starts: starts.slice(done, done + size) },
      reading,
    );
    result.push(...rows);
    done += size;
    size = nextSize(size, performance.now() - startedAt, STATEMENT_BUDGET_MS[dialect]);
    await work.pause();
  }
  return result;
}

function nextSize(size: number, tookMs: number, budgetMs: number): number {
  if (tookMs > budgetMs) return Math.max(1, Math.floor(size / 2));
  return tookMs < budgetMs / 2 ? Math.min(STARTS_MAX, 2 * size) : size;
}

function startsOf({ interval, from, to }: Stretch): readonly number[] {
  const step = STORED_MS[interval];
  const first = from - (from % step);
  const count = Math.max(0, Math.ceil((to - first) / step));
  return Array.from({ length: count }, (_, index) => first + index * step);
}

type Starts = Stretch & { readonly starts: readonly number[] };

async function readSome(
  db: Database,
  dialect: Dialect,
  at: Starts,
  { filter, groupBy, groups, failuresOnly = false, also, byStart }: Reading,
): Promise<RollupRow[]> {
  const view = viewOf(filter, groupBy, also?.dimensions);
  const group = groupBy === null ? sql`''` : sql.ref(COLUMN_OF[groupBy]);
  const conditions = [
    ...inView(dialect, at, view),
    ...conditionsOf(filter),
    ...(also?.conditions ?? []),
    ...(groupBy === "outcome" ? [sql<SqlBool>`outcome <> 'accepted'`] : []),
    ...(failuresOnly ? [sql<SqlBool>`outcome in ('retrying', 'failed')`] : []),
    ...(groups === null ? [] : [isIn(dialect, group, groups)]),
  ];
  const sums = CLASS_COLUMNS.map((column) => sql`sum(${sql.ref(column)}) as ${sql.ref(column)}`);
  const start = byStart ? sql`start` : sql`0`;
  const { rows } = await sql<StoredSums>`
    select ${start} as start, ${group} as "group", outcome, sum(attempts) as attempts, sum(deliveries) as deliveries,
      sum(events) as events, sum(duration_ms) as duration_ms, ${sql.join(sums)}
    from statistics where ${sql.join(conditions, sql` and `)}
    group by 1, 2, 3`.execute(db);
  return rows.map(toRow);
}

/**
 * Whether attempts that a filter may mean were added up as other, so that what is read of its view is too little.
 */
export async function hasOthers(
  { db, dialect }: { readonly db: Database; readonly dialect: Dialect },
  stretch: Stretch,
  filter: StatisticsFilter,
): Promise<boolean> {
  const view = viewOf(filter, null);
  const connectionId =
    view === "connection" && stretch.interval === "hour" ? (filter.connectionId ?? "") : "";
  const isAskedFor = filteredBy(filter).some((one) => one !== "outcome");
  if (!isAskedFor || (connectionId !== "" && filter.cause === null)) return false;
  const other = otherOf({ view, connectionId });
  const all = startsOf(stretch);
  for (let done = 0; done < all.length; done += STARTS_MAX) {
    const conditions = [
      ...inView(dialect, { ...stretch, starts: all.slice(done, done + STARTS_MAX) }, view),
      sql<SqlBool>`connection_id = ${other.connectionId}`,
      sql<SqlBool>`event_type = ${other.eventType}`,
      ...(other.cause === OTHER ? [sql<SqlBool>`cause = ${OTHER}`] : []),
    ];
    const { rows } = await sql`
      select 1 as found from statistics where ${sql.join(conditions, sql` and `)} limit 1`.execute(db);
    if (rows.length > 0) return true;
  }
  return false;
}

type StoredSums = Readonly<Record<(typeof CLASS_COLUMNS)[number], number | string>> & {
  readonly start: number | string;
  readonly group: string;
  readonly outcome: string;
  readonly attempts: number | string;
  readonly deliveries: number | string;
  readonly events: number | string;
  readonly duration_ms: number | string;
};

/** PostgreSQL's sums are numerics, which come as texts. */
function toRow(row: StoredSums): RollupRow {
  return {
    start: Number(row.start),
    group: row.group,
    outcome: row.outcome,
    counts: {
      ...noCounts(),
      attempts: Number(row.attempts),
      deliveries: Number(row.deliveries),
      events: Number(row.events),
      durationMs: Number(row.duration_ms),
      classes: CLASS_COLUMNS.map((column) => Number(row[column])),
    },
  };
}

/** Columns that the view does not tell apart are empty: naming them lets the key find what comes behind them. */
function inView(
  dialect: Dialect,
  { workspaceId, interval, starts }: Starts,
  view: View,
): RawBuilder<SqlBool>[] {
  const dimensions = VIEW_DIMENSIONS[view];
  const empty = (["connection", "event_type", "cause"] as const).filter((one) => !dimensions.includes(one));
  return [
    sql<SqlBool>`workspace_id = ${workspaceId}`,
    sql<SqlBool>`interval_seconds = ${INTERVAL_SECONDS[interval]}`,
    sql<SqlBool>`view = ${view}`,
    dialect === "sqlite"
      ? sql<SqlBool>`start in (select value from json_each(${JSON.stringify(starts)}))`
      : sql<SqlBool>`start = any(${[...starts]}::bigint[])`,
    ...empty.map((one) => sql<SqlBool>`${sql.ref(COLUMN_OF[one])} = ''`),
  ];
}

function conditionsOf({ connectionId, eventType, outcome, cause }: StatisticsFilter): RawBuilder<SqlBool>[] {
  return [
    ...(connectionId === null ? [] : [sql<SqlBool>`connection_id = ${connectionId}`]),
    ...(eventType === null ? [] : [isOfType(sql.ref("event_type"), eventType)]),
    ...(outcome === null ? [] : [sql<SqlBool>`outcome = ${outcome}`]),
    ...(cause === null ? [] : [sql<SqlBool>`cause = ${cause}`]),
  ];
}

/** Whether a type is this one, or begins with the prefix that a pattern such as `order.*` names. */
export function isOfType(column: RawBuilder<unknown>, pattern: string): RawBuilder<SqlBool> {
  if (!pattern.endsWith(".*")) return sql`${column} = ${pattern}`;
  const prefix = pattern.slice(0, -1);
  return sql`substr(${column}, 1, ${sql.lit(prefix.length)}) = ${prefix}`;
}

function isIn(dialect: Dialect, column: RawBuilder<unknown>, values: readonly string[]): RawBuilder<SqlBool> {
  return dialect === "sqlite"
    ? sql`${column} in (select value from json_each(${JSON.stringify(values)}))`
    : sql`${column} = any(${[...values]}::text[])`;
}
