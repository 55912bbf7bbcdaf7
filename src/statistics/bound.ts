import { OTHER, type StoredInterval, type View } from "../domain/statistics.ts";
import { addCounts, copyCounts } from "./entry.ts";
import { type Group, NOTHING, type Series, seriesKey } from "./roll-up.ts";

/**
 * Members of a group beyond these limits are added up as other. A member is one combination of the view's dimensions,
 * whatever its outcome.
 */
const MEMBERS_MAX: Readonly<Record<StoredInterval, Readonly<Record<View, number>>>> = {
  minute: { total: 1, connection: 1000, event_type: 200, cause: 200, all: 0 },
  // The number of connections is unlimited here; the limit is for the causes of each.
  hour: { total: 1, connection: 20, event_type: 200, cause: 200, all: 1000 },
};

export function membersMax({ interval, view }: Pick<Group, "interval" | "view">): number {
  return MEMBERS_MAX[interval][view];
}

/** Whether a group has no limit: totals, and each connection's successes per hour. */
export function isUnbounded({ interval, view, connectionId }: Omit<Group, "rows">): boolean {
  return view === "total" || (view === "connection" && interval === "hour" && connectionId === "");
}

export function memberKey({ connectionId, eventType, cause }: Omit<Series, "outcome">): string {
  return `${connectionId} ${eventType} ${cause}`;
}

/**
 * Limits a group: keeps its largest new members up to the limit, and adds up the rest as other. `known` are the keys of
 * the members that are already stored.
 */
export function bounded(group: Group, known: ReadonlySet<string>): Group {
  const weights = new Map<string, number>();
  for (const row of group.rows.values()) {
    const key = memberKey(row);
    const { attempts, events } = row.counts;
    if (!known.has(key)) weights.set(key, (weights.get(key) ?? 0) + attempts + events);
  }
  const capacity = Math.max(0, membersMax(group) - known.size);
  if (weights.size <= capacity) return group;
  const admitted = new Set(
    [...weights]
      .toSorted(([, a], [, b]) => b - a)
      .slice(0, capacity)
      .map(([key]) => key),
  );
  const rows = new Map(group.rows);
  for (const [key, row] of group.rows) {
    const member = memberKey(row);
    if (known.has(member) || admitted.has(member)) continue;
    rows.delete(key);
    const other = { ...otherOf(group), outcome: row.outcome };
    const otherKey = seriesKey(other);
    const sum = rows.get(otherKey);
    if (sum === undefined) rows.set(otherKey, { ...other, counts: copyCounts(row.counts) });
    else addCounts(sum.counts, row.counts);
  }
  return { ...group, rows };
}

/** The series under which members beyond the limit are stored. */
export function otherOf({
  view,
  connectionId,
}: Pick<Group, "view" | "connectionId">): Omit<Series, "outcome"> {
  if (view === "all") return { connectionId: OTHER, eventType: OTHER, cause: OTHER };
  if (view === "event_type") return { ...NOTHING, eventType: OTHER };
  if (view === "cause") return { ...NOTHING, cause: OTHER };
  return connectionId === ""
    ? { ...NOTHING, connectionId: OTHER }
    : { ...NOTHING, connectionId, cause: OTHER };
}
