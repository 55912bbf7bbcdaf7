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

/** Filters for statistics; null matches everything. */
export type StatisticsFilter = {
  readonly connectionId: string | null;
  /** An exact type, or a prefix such as `order.*`. */
  readonly eventType: string | null;
  readonly outcome: string | null;
  readonly cause: string | null;
};

/** A range of stored intervals, from `from` (inclusive) to `to` (exclusive). */
export type TimeRange = {
  readonly workspaceId: string;
  readonly interval: StoredInterval;
  readonly from: number;
  readonly to: number;
};

export type RollupRow = {
  readonly start: number;
  /** The value of the dimension it is grouped by; empty without one. */
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

const COUNT_COLUMNS = ["attempts", "deliveries", "events"] as const;
const STORED_MS: Readonly<Record<StoredInterval, number>> = { minute: MINUTE_MS, hour: HOUR_MS };
/** Limit for intervals in one statement. */
const STARTS_MAX = 500;
/**
 * Starts small on the main thread, since an interval has any number of rows up to a thousand; without a dimension it
 * has three.
 */
const STARTS_FIRST = { sqlite: 4, postgres: 50 } as const;
/** A slower statement makes the next one smaller, since the embedded database reads on the main thread. */
const STATEMENT_BUDGET_MS = { sqlite: 5, postgres: 100 } as const;

type Reading = {
  readonly filter: StatisticsFilter;
  readonly groupBy: Dimension | null;
  /** Only these groups; null for all. */
  readonly groups: readonly string[] | null;
  /** Only failed attempts, which are those with causes. */
  readonly failuresOnly?: boolean;
  /** A condition on several values of a dimension, with the dimensions it uses. */
  readonly also?: {
    readonly dimensions: readonly Dimension[];
    readonly conditions: readonly RawBuilder<SqlBool>[];
  };
  /** Whether each row has its interval's start; otherwise a statement's intervals are summed. */
  readonly byStart: boolean;
  /** Whether rows include counts by duration; without them, three columns are read instead of fifteen. */
  readonly withLatency?: boolean;
};

/** The smallest view with the dimensions of a filter and a grouping. */
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
 * Reads rollups a few intervals at a time, with turns for other work in between. Every interval is looked up by its
 * key, so the cost depends only on the requested part, whatever else is stored.
 */
export async function readRollups(
  { db, dialect }: { readonly db: Database; readonly dialect: Dialect },
  range: TimeRange,
  reading: Reading,
): Promise<readonly RollupRow[]> {
  const result: RollupRow[] = [];
  const work = new LongWork(range.workspaceId);
  const starts = startsOf(range);
  const view = viewOf(reading.filter, reading.groupBy, reading.also?.dimensions);
  let size: number = view === "total" ? STARTS_MAX : STARTS_FIRST[dialect];
  for (let done = 0; done < starts.length; ) {
    const startedAt = performance.now();
    const rows = await readSome(db, dialect, { ...range, starts: starts.slice(done, done + size) }, reading);
    result.push(...rows);
    done += size;
    size = nextSize(size, performance.now() - startedAt, STATEMENT_BUDGET_MS[dialect]);
    await work.pause();
  }
  return result;
}

function nextSize(size: number, durationMs: number, budgetMs: number): number {
  if (durationMs > budgetMs) return Math.max(1, Math.floor(size / 2));
  return durationMs < budgetMs / 2 ? Math.min(STARTS_MAX, 2 * size) : size;
}

function startsOf({ interval, from, to }: TimeRange): readonly number[] {
  const step = STORED_MS[interval];
  const first = from - (from % step);
  const count = Math.max(0, Math.ceil((to - first) / step));
  return Array.from({ length: count }, (_, index) => first + index * step);
}

type Starts = TimeRange & { readonly starts: readonly number[] };

async function readSome(db: Database, dialect: Dialect, at: Starts, reading: Reading): Promise<RollupRow[]> {
  const { filter, groupBy, groups, failuresOnly = false, also, byStart, withLatency = true } = reading;
  const view = viewOf(filter, groupBy, also?.dimensions);
  const group = groupBy === null ? sql`''` : sql.ref(COLUMN_OF[groupBy]);
  const isFiltered = [filteredBy(filter), also?.conditions ?? [], groups ?? []].some(
    ({ length }) => length > 0,
  );
  const conditions = [
    ...inView(at, view),
    ...(isFiltered ? [isOneOf(dialect, at.starts)] : isBetween(at.starts)),
    ...conditionsOf(filter),
    ...(also?.conditions ?? []),
    ...(groupBy === "outcome" ? [sql<SqlBool>`outcome <> 'accepted'`] : []),
    ...(failuresOnly ? [sql<SqlBool>`outcome in ('retrying', 'failed')`] : []),
    ...(groups === null ? [] : [isIn(dialect, group, groups)]),
  ];
  const columns = withLatency ? [...COUNT_COLUMNS, ...CLASS_COLUMNS] : COUNT_COLUMNS;
  const isSummed = !byStart || VIEW_DIMENSIONS[view].some((one) => one !== "outcome" && one !== groupBy);
  const values = columns.map((column) => {
    const value = isSummed ? sql`cast(sum(${sql.ref(column)}) as bigint)` : sql.ref(column);
    return sql`${value} as ${sql.ref(column)}`;
  });
  const { rows } = await sql<PackedRow>`
    select "group", outcome, ${pack(dialect, columns)} as packed from (
      select ${byStart ? sql`start` : sql`0`} as start, ${group} as "group", outcome, ${sql.join(values)}
      from statistics where ${sql.join(conditions, sql` and `)}
      ${isSummed ? sql`group by 1, 2, 3` : sql``}
    ) as sums group by 1, 2`.execute(db);
  return rows.flatMap(unpack);
}

/**
 * All intervals of one group in one text, as JSON without its outer brackets, since both drivers take longer to create
 * thousands of rows with a dozen values each than the database takes to read them.
 */
function pack(dialect: Dialect, columns: readonly string[]): RawBuilder<string> {
  const values = sql.join(["start", ...columns].map((column) => sql.ref(column)));
  return dialect === "sqlite"
    ? sql`group_concat(json_array(${values}))`
    : sql`string_agg(array[${values}]::text, ',')`;
}

type PackedRow = { readonly group: string; readonly outcome: string; readonly packed: string };

/** PostgreSQL writes arrays in braces. */
function unpack({ group, outcome, packed }: PackedRow): RollupRow[] {
  const text = packed.startsWith("{") ? packed.replaceAll("{", "[").replaceAll("}", "]") : packed;
  return (JSON.parse(`[${text}]`) as number[][]).map((values) => {
    const [start = 0, attempts = 0, deliveries = 0, events = 0, ...classes] = values;
    const counts = { ...noCounts(), attempts, deliveries, events };
    return { start, group, outcome, counts: classes.length === 0 ? counts : { ...counts, classes } };
  });
}

/** Whether attempts that may match a filter were added up as other, so that the result is too low. */
export async function hasOthers(
  { db, dialect }: { readonly db: Database; readonly dialect: Dialect },
  range: TimeRange,
  filter: StatisticsFilter,
): Promise<boolean> {
  const view = viewOf(filter, null);
  const connectionId = view === "connection" && range.interval === "hour" ? (filter.connectionId ?? "") : "";
  const isAskedFor = filteredBy(filter).some((one) => one !== "outcome");
  if (!isAskedFor || (connectionId !== "" && filter.cause === null)) return false;
  const other = otherOf({ view, connectionId });
  const all = startsOf(range);
  for (let done = 0; done < all.length; done += STARTS_MAX) {
    const conditions = [
      ...inView(range, view),
      isOneOf(dialect, all.slice(done, done + STARTS_MAX)),
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

/** Dimensions outside the view are empty; naming them lets the key narrow the columns after them. */
function inView({ workspaceId, interval }: TimeRange, view: View): RawBuilder<SqlBool>[] {
  const dimensions = VIEW_DIMENSIONS[view];
  const empty = (["connection", "event_type", "cause"] as const).filter((one) => !dimensions.includes(one));
  return [
    sql<SqlBool>`workspace_id = ${workspaceId}`,
    sql<SqlBool>`interval_seconds = ${INTERVAL_SECONDS[interval]}`,
    sql<SqlBool>`view = ${view}`,
    ...empty.map((one) => sql<SqlBool>`${sql.ref(COLUMN_OF[one])} = ''`),
  ];
}

/** Starts are looked up one by one, so that the key narrows the columns after the start. */
function isOneOf(dialect: Dialect, starts: readonly number[]): RawBuilder<SqlBool> {
  return dialect === "sqlite"
    ? sql`start in (select value from json_each(${JSON.stringify(starts)}))`
    : sql`start = any(${[...starts]}::bigint[])`;
}

/** For adjacent intervals without a filter: one range of the key. */
function isBetween(starts: readonly number[]): RawBuilder<SqlBool>[] {
  return [sql`start >= ${starts[0] ?? 0}`, sql`start <= ${starts.at(-1) ?? 0}`];
}

function conditionsOf({ connectionId, eventType, outcome, cause }: StatisticsFilter): RawBuilder<SqlBool>[] {
  return [
    ...(connectionId === null ? [] : [sql<SqlBool>`connection_id = ${connectionId}`]),
    ...(eventType === null ? [] : [isOfType(sql.ref("event_type"), eventType)]),
    ...(outcome === null ? [] : [sql<SqlBool>`outcome = ${outcome}`]),
    ...(cause === null ? [] : [sql<SqlBool>`cause = ${cause}`]),
  ];
}

/** Whether a type equals this one, or has the prefix of a pattern such as `order.*`. */
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
