import type { Database, Dialect } from "../db/open.ts";
import { latencyQuantile } from "../domain/latency.ts";
import { type Dimension, INTERVAL_MS, type Interval, OTHER } from "../domain/statistics.ts";
import { addCounts, type Counts, noCounts } from "./entry.ts";
import {
  hasOthers,
  type RollupRow,
  readRollups,
  type StatisticsFilter,
  type TimeRange,
} from "./read-rollups.ts";

export type StatisticsQuery = {
  readonly workspaceId: string;
  /** The start of an interval, epoch milliseconds. */
  readonly from: number;
  readonly to: number;
  readonly interval: Interval;
  readonly groupBy: Dimension | null;
  /** The largest groups, up to this many. */
  readonly limit: number;
  readonly filter: StatisticsFilter;
};

/** The figures of one interval, or of all of them together. */
export type Figures = {
  readonly attempts: number;
  /** Deliveries that a receiver accepted. */
  readonly delivered: number;
  /** Deliveries that OpenSend gave up. */
  readonly failed: number;
  /** Failed attempts whose delivery will be retried. */
  readonly retried: number;
  /** Null if the filter is about attempts only: events have no connection, outcome or cause. */
  readonly events: number | null;
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
};

export type Series = {
  /** Null without grouping, and for the series of all other groups. */
  readonly group: string | null;
  readonly isOther: boolean;
  readonly total: Figures;
  readonly points: readonly (Figures & { readonly start: number })[];
};

export type Statistics = {
  /** Largest first, with the series of all others apart. A single series without grouping. */
  readonly series: readonly Series[];
  /** False if part of the result was only stored as other and is missing here. */
  readonly isExact: boolean;
  /** Everything recorded up to this time is included, epoch milliseconds. */
  readonly asOf: number;
};

type ReadDeps = { readonly db: Database; readonly dialect: Dialect; readonly now: () => number };

export async function readStatistics(deps: ReadDeps, query: StatisticsQuery): Promise<Statistics> {
  const { workspaceId, filter, groupBy, interval } = query;
  const asOf = await readAsOf(deps);
  const range: TimeRange = {
    workspaceId,
    interval: interval === "minute" ? "minute" : "hour",
    from: query.from,
    to: query.to,
  };
  const failuresOnly = groupBy === "cause";
  const whole = { filter, groupBy: null, groups: null, failuresOnly, byStart: true } as const;
  const isExact = !(await hasOthers(deps, range, filter));
  const everything = sumUp(await readRollups(deps, range, whole), query);
  const all = everything.get("") ?? new Map<number, Sums>();
  if (groupBy === null) return { series: [toSeries(query, null, all)], isExact, asOf };
  const groups = await readLargest(deps, range, query);
  const named = { filter, groupBy, groups, failuresOnly, byStart: true } as const;
  const sums = groups.length === 0 ? new Map() : sumUp(await readRollups(deps, range, named), query);
  const series = groups.map((group) => toSeries(query, group, sums.get(group) ?? new Map()));
  const others = toSeries(query, null, without(all, sums.values()), true);
  const hasOther = others.total.attempts > 0 || (others.total.events ?? 0) > 0;
  return { series: hasOther ? [...series, others] : series, isExact, asOf };
}

/** The groups with the most attempts and events over the whole range. */
async function readLargest(
  deps: ReadDeps,
  range: TimeRange,
  query: StatisticsQuery,
): Promise<readonly string[]> {
  const { filter, groupBy, limit } = query;
  const reading = { filter, groupBy, groups: null, byStart: false, withLatency: false } as const;
  const rows = await readRollups(deps, range, reading);
  const weights = new Map<string, number>();
  for (const { group, counts } of rows) {
    if (group === OTHER || group === "") continue;
    weights.set(group, (weights.get(group) ?? 0) + counts.attempts + counts.events);
  }
  return [...weights]
    .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
    .slice(0, limit)
    .map(([group]) => group);
}

type Sums = { readonly all: Counts; readonly byOutcome: Map<string, Counts> };

/** By group, then by the start of the requested interval. */
function sumUp(rows: readonly RollupRow[], { interval }: StatisticsQuery): Map<string, Map<number, Sums>> {
  const length = INTERVAL_MS[interval];
  const byGroup = new Map<string, Map<number, Sums>>();
  for (const { group, start, outcome, counts } of rows) {
    const at = start - (start % length);
    const points = byGroup.get(group) ?? new Map<number, Sums>();
    byGroup.set(group, points);
    const sums = points.get(at) ?? { all: noCounts(), byOutcome: new Map<string, Counts>() };
    points.set(at, sums);
    addTo(sums, outcome, counts);
  }
  return byGroup;
}

function addTo({ all, byOutcome }: Sums, outcome: string, counts: Counts): void {
  const known = byOutcome.get(outcome) ?? noCounts();
  byOutcome.set(outcome, known);
  addCounts(known, counts);
  addCounts(all, counts);
}

/** Subtracts the named groups from the total. */
function without(all: Map<number, Sums>, named: Iterable<Map<number, Sums>>): Map<number, Sums> {
  const remaining = new Map<number, Sums>();
  const take = (points: Map<number, Sums>, sign: 1 | -1) => {
    for (const [start, { byOutcome }] of points) {
      const sums = remaining.get(start) ?? { all: noCounts(), byOutcome: new Map<string, Counts>() };
      remaining.set(start, sums);
      for (const [outcome, counts] of byOutcome) addTo(sums, outcome, times(counts, sign));
    }
  };
  take(all, 1);
  for (const points of named) take(points, -1);
  return remaining;
}

function times(counts: Counts, sign: 1 | -1): Counts {
  return {
    attempts: sign * counts.attempts,
    deliveries: sign * counts.deliveries,
    events: sign * counts.events,
    durationMs: sign * counts.durationMs,
    classes: counts.classes.map((count) => sign * count),
  };
}

function toSeries(
  query: StatisticsQuery,
  group: string | null,
  points: ReadonlyMap<number, Sums>,
  isOther = false,
): Series {
  const { from, to, interval } = query;
  const length = INTERVAL_MS[interval];
  const hasEvents = countsEvents(query);
  const starts = Array.from({ length: Math.ceil((to - from) / length) }, (_, index) => from + index * length);
  const total: Sums = { all: noCounts(), byOutcome: new Map() };
  for (const { byOutcome } of points.values())
    for (const [outcome, counts] of byOutcome) addTo(total, outcome, counts);
  return {
    group,
    isOther,
    total: figuresOf(total, hasEvents),
    points: starts.map((start) => ({ start, ...figuresOf(points.get(start), hasEvents) })),
  };
}

function countsEvents({ filter, groupBy }: StatisticsQuery): boolean {
  const { connectionId, outcome, cause } = filter;
  return (
    [connectionId, outcome, cause].every((one) => one === null) && (groupBy ?? "event_type") === "event_type"
  );
}

function figuresOf(sums: Sums | undefined, hasEvents: boolean): Figures {
  const { all, byOutcome } = sums ?? { all: noCounts(), byOutcome: new Map<string, Counts>() };
  return {
    attempts: all.attempts,
    delivered: byOutcome.get("delivered")?.deliveries ?? 0,
    failed: byOutcome.get("failed")?.deliveries ?? 0,
    retried: byOutcome.get("retrying")?.attempts ?? 0,
    events: hasEvents ? all.events : null,
    p50Ms: latencyQuantile(all.classes, 0.5),
    p95Ms: latencyQuantile(all.classes, 0.95),
  };
}

/**
 * The time up to which everything recorded is included: that of the oldest commit not folded yet, or else now. In epoch
 * milliseconds.
 */
export async function readAsOf({ db, now }: Pick<ReadDeps, "db" | "now">): Promise<number> {
  const oldest = await db
    .selectFrom("statistics_log")
    .select("created_at")
    .orderBy("id")
    .limit(1)
    .executeTakeFirst();
  return Math.min(oldest?.created_at ?? now(), now());
}
