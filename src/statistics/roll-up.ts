import type { BulkRow } from "../db/hot-statements.ts";
import { HOUR_MS, type StoredInterval, type View } from "../domain/statistics.ts";
import { type AttemptSeries, addCounts, type Counts, copyCounts, type WorkspaceEntry } from "./entry.ts";
import { INTERVAL_SECONDS } from "./rollups-table.ts";

/** The dimensions of a view; those outside it are empty. */
export type Series = Pick<AttemptSeries, "connectionId" | "eventType" | "cause"> & {
  readonly outcome: AttemptSeries["outcome"] | "accepted";
};

/** Series that share a limit: those of a view in one interval. */
export type Group = {
  readonly workspaceId: string;
  readonly interval: StoredInterval;
  readonly view: View;
  readonly start: number;
  /** Set if each connection has its own limit, or else empty. */
  readonly connectionId: string;
  /** By `seriesKey`. */
  readonly rows: ReadonlyMap<string, Row>;
};

type Row = Series & { readonly counts: Counts };
type Cell = Pick<Group, "interval" | "view" | "start" | "connectionId">;

export function seriesKey({ connectionId, eventType, outcome, cause }: Series): string {
  return `${connectionId} ${eventType} ${outcome} ${cause}`;
}

export const NOTHING = { connectionId: "", eventType: "", cause: "" } as const;

/** Sums a workspace's logged commits by minute and hour, in every view. */
export function rollUp(workspaceId: string, { attempts, events }: WorkspaceEntry): readonly Group[] {
  const groups = new Groups(workspaceId);
  for (const { minute, counts, connectionId, eventType, outcome, cause } of attempts.values()) {
    const of = { connectionId, eventType, outcome, cause };
    groups.addMinute("total", minute, { ...NOTHING, outcome }, counts);
    groups.addMinute("connection", minute, { ...NOTHING, connectionId, outcome, cause }, counts);
    groups.addMinute("event_type", minute, { ...NOTHING, eventType, outcome }, counts);
    groups.addMinute("cause", minute, { ...NOTHING, outcome, cause }, counts);
    groups.add({ interval: "hour", view: "all", start: hourOf(minute), connectionId: "" }, of, counts);
  }
  for (const { minute, type, counts } of events.values()) {
    groups.addMinute("total", minute, { ...NOTHING, outcome: "accepted" }, counts);
    groups.addMinute("event_type", minute, { ...NOTHING, eventType: type, outcome: "accepted" }, counts);
  }
  groups.addHours();
  return groups.all;
}

/** Nested maps, since a group is looked up for each series of a commit, and building a text key would cost more. */
class Groups {
  readonly all: (Group & { readonly rows: Map<string, Row> })[] = [];
  readonly #workspaceId: string;
  readonly #groups = new Map<string, Map<number, Map<string, Map<string, Row>>>>();

  constructor(workspaceId: string) {
    this.#workspaceId = workspaceId;
  }

  addMinute(view: View, start: number, series: Series, counts: Counts): void {
    this.add({ interval: "minute", view, start, connectionId: "" }, series, counts);
  }

  /** Adds the hours of all added minutes. */
  addHours(): void {
    for (const { interval, view, start, rows } of [...this.all]) {
      if (interval !== "minute") continue;
      for (const { counts, ...series } of rows.values()) {
        // A connection's causes have their own limit; its successes have none.
        const connectionId = view === "connection" && series.cause !== "" ? series.connectionId : "";
        this.add({ interval: "hour", view, start: hourOf(start), connectionId }, series, counts);
      }
    }
  }

  add(cell: Cell, series: Series, counts: Counts): void {
    const rows = this.#rows(cell);
    const key = seriesKey(series);
    const row = rows.get(key);
    if (row === undefined) rows.set(key, { ...series, counts: copyCounts(counts) });
    else addCounts(row.counts, counts);
  }

  #rows({ interval, view, start, connectionId }: Cell): Map<string, Row> {
    const kind = interval === "minute" ? view : HOURS_OF[view];
    const byStart = getOrCreate(this.#groups, kind, () => new Map<number, Map<string, Map<string, Row>>>());
    const byConnection = getOrCreate(byStart, start, () => new Map<string, Map<string, Row>>());
    return getOrCreate(byConnection, connectionId, () => {
      const rows = new Map<string, Row>();
      this.all.push({ workspaceId: this.#workspaceId, interval, view, start, connectionId, rows });
      return rows;
    });
  }
}

const HOURS_OF: Readonly<Record<View, string>> = {
  total: "total by the hour",
  connection: "connection by the hour",
  event_type: "event type by the hour",
  cause: "cause by the hour",
  all: "all by the hour",
};

function getOrCreate<Key, Value>(map: Map<Key, Value>, key: Key, create: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const created = create();
  map.set(key, created);
  return created;
}

function hourOf(time: number): number {
  return time - (time % HOUR_MS);
}

export function rowsOf({ workspaceId, interval, view, start, rows }: Group): readonly BulkRow[] {
  return [...rows.values()].map(({ connectionId, eventType, outcome, cause, counts }) => [
    workspaceId,
    INTERVAL_SECONDS[interval],
    view,
    start,
    connectionId,
    eventType,
    outcome,
    cause,
    counts.attempts,
    counts.deliveries,
    counts.events,
    counts.durationMs,
    ...counts.classes,
  ]);
}
