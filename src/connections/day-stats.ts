import type { Database, Dialect } from "../db/open.ts";
import { latencyQuantile } from "../domain/latency.ts";
import { HOUR_MS } from "../domain/statistics.ts";
import { addCounts, type Counts, noCounts } from "../statistics/entry.ts";
import { type RollupRow, readRollups } from "../statistics/read-rollups.ts";

export const HOURS_OF_DAY = 24;

/** Attempts that ended within an hour. */
export type HourStats = { readonly start: number; readonly delivered: number; readonly failed: number };

/** The last 24 hours, by when attempts ended; tests are not counted. Times are epoch milliseconds. */
export type DayStats = {
  readonly from: number;
  readonly to: number;
  readonly delivered: number;
  /** Attempts that failed, whether or not they were retried. */
  readonly failed: number;
  readonly p95Ms: number | null;
  /** One entry per hour, oldest first, including hours without attempts. */
  readonly hours: readonly HourStats[];
};

type ReadDeps = { readonly db: Database; readonly dialect: Dialect };

/** The statistics of several connections, in one read. */
export async function readDayStats(
  deps: ReadDeps,
  workspaceId: string,
  connectionIds: readonly string[],
  now: number,
): Promise<ReadonlyMap<string, DayStats>> {
  if (connectionIds.length === 0) return new Map();
  const range = { workspaceId, interval: "hour", from: startOfDay(now), to: now + 1 } as const;
  const reading = {
    filter: EVERYTHING,
    groupBy: "connection",
    groups: connectionIds,
    byStart: true,
  } as const;
  const byConnection = Map.groupBy(await readRollups(deps, range, reading), ({ group }) => group);
  return new Map(connectionIds.map((id) => [id, toDayStats(byConnection.get(id) ?? [], now)]));
}

export const EVERYTHING = { connectionId: null, eventType: null, outcome: null, cause: null } as const;

/** Start of the last 24 hours: the hour that began 23 hours before the current one. */
export function startOfDay(now: number): number {
  return now - (now % HOUR_MS) - (HOURS_OF_DAY - 1) * HOUR_MS;
}

/** @param rows Grouped by hour. */
export function toDayStats(rows: readonly RollupRow[], now: number): DayStats {
  const from = startOfDay(now);
  const hours = Array.from({ length: HOURS_OF_DAY }, (_, index) => ({
    start: from + index * HOUR_MS,
    delivered: 0,
    failed: 0,
  }));
  const sums = new DaySum();
  for (const row of rows) {
    const hour = hours[Math.floor((row.start - from) / HOUR_MS)];
    if (hour === undefined) continue;
    if (row.outcome === "delivered") hour.delivered += row.counts.attempts;
    else if (row.outcome !== "accepted") hour.failed += row.counts.attempts;
    sums.add(row.outcome, row.counts);
  }
  return { from, to: now, delivered: sums.delivered, failed: sums.failed, p95Ms: sums.p95Ms, hours };
}

/** Sum of attempts, whichever hour they ended in. */
export class DaySum {
  delivered = 0;
  readonly #all: Counts = noCounts();

  get attempts(): number {
    return this.#all.attempts;
  }

  get failed(): number {
    return this.attempts - this.delivered;
  }

  get p95Ms(): number | null {
    return latencyQuantile(this.#all.classes, 0.95);
  }

  add(outcome: string, counts: Counts): void {
    if (outcome === "accepted") return;
    if (outcome === "delivered") this.delivered += counts.attempts;
    addCounts(this.#all, counts);
  }

  addAll(other: DaySum): void {
    this.delivered += other.delivered;
    addCounts(this.#all, other.#all);
  }
}
