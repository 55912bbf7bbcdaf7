import type { BulkRow, MergedTable } from "../db/hot-statements.ts";
import {
  type AttemptOutcome,
  HOUR_MS,
  MINUTE_MS,
  OTHER,
  type StoredInterval,
  type View,
} from "../domain/statistics.ts";
import { addCounts, type Counts, noCounts, type StatisticsEntry } from "./entry.ts";

export const INTERVAL_SECONDS: Readonly<Record<StoredInterval, number>> = { minute: 60, hour: 3600 };
const INTERVAL_LENGTHS_MS: Readonly<Record<StoredInterval, number>> = { minute: MINUTE_MS, hour: HOUR_MS };

export const ROLLUPS: MergedTable = {
  name: "statistics",
  columns: {
    workspace_id: "text",
    interval_seconds: "bigint",
    view: "text",
    start: "bigint",
    connection_id: "text",
    event_type: "text",
    outcome: "text",
    cause: "text",
    attempts: "bigint",
    deliveries: "bigint",
    events: "bigint",
    duration_ms: "bigint",
    ms_10: "bigint",
    ms_25: "bigint",
    ms_50: "bigint",
    ms_100: "bigint",
    ms_250: "bigint",
    ms_500: "bigint",
    ms_1000: "bigint",
    ms_2500: "bigint",
    ms_5000: "bigint",
    ms_10000: "bigint",
    ms_15000: "bigint",
    ms_longer: "bigint",
  },
  key: [
    "workspace_id",
    "interval_seconds",
    "view",
    "start",
    "connection_id",
    "event_type",
    "outcome",
    "cause",
  ],
  merge: {
    attempts: "add",
    deliveries: "add",
    events: "add",
    duration_ms: "add",
    ms_10: "add",
    ms_25: "add",
    ms_50: "add",
    ms_100: "add",
    ms_250: "add",
    ms_500: "add",
    ms_1000: "add",
    ms_2500: "add",
    ms_5000: "add",
    ms_10000: "add",
    ms_15000: "add",
    ms_longer: "add",
  },
};

/** The columns that count attempts by their duration, in the order of `LATENCY_BOUNDS_MS`. */
export const CLASS_COLUMNS = [
  "ms_10",
  "ms_25",
  "ms_50",
  "ms_100",
  "ms_250",
  "ms_500",
  "ms_1000",
  "ms_2500",
  "ms_5000",
  "ms_10000",
  "ms_15000",
  "ms_longer",
] as const;

/** What a view tells apart besides the outcome; empty where it does not. */
export type Member = {
  readonly connectionId: string;
  readonly eventType: string;
  readonly cause: string;
  readonly byOutcome: Map<AttemptOutcome | "accepted", Counts>;
};

/** The members of a view in one interval that share a bound. */
export type Group = {
  readonly workspaceId: string;
  readonly interval: StoredInterval;
  readonly view: View;
  readonly start: number;
  /** Where each connection has a bound of its own; else empty. */
  readonly connectionId: string;
  readonly members: Map<string, Member>;
};

/** Series of a group beyond the number it is bounded by are added up as other. `total` has one. */
const MEMBERS_MAX: Readonly<Record<StoredInterval, Readonly<Record<View, number>>>> = {
  minute: { total: 1, connection: 1000, event_type: 200, cause: 200, all: 0 },
  // Connections bound themselves; here it is the causes of each.
  hour: { total: 1, connection: 20, event_type: 200, cause: 200, all: 1000 },
};

export function membersMax({ interval, view }: Pick<Group, "interval" | "view">): number {
  return MEMBERS_MAX[interval][view];
}

/** Whether a member is let in whatever the bound: in an hour, a connection's deliveries without a cause are one series. */
export function isExempt({ interval, view }: Pick<Group, "interval" | "view">, member: Member): boolean {
  return view === "total" || (view === "connection" && interval === "hour" && member.cause === "");
}

type Of = Pick<Member, "connectionId" | "eventType" | "cause">;
type Roll = (view: View, of: Of, outcome: AttemptOutcome | "accepted", counts: Counts) => void;

/** Adds an entry up by minutes and hours, in every view. */
export function rollUp(entry: StatisticsEntry): readonly Group[] {
  const groups = new Map<string, Group>();
  for (const [workspaceId, { attempts, events }] of entry.workspaces) {
    const rollAt =
      (minute: number): Roll =>
      (view, of, outcome, counts) => {
        for (const interval of ["minute", "hour"] as const) {
          if (MEMBERS_MAX[interval][view] === 0) continue;
          const start = minute - (minute % INTERVAL_LENGTHS_MS[interval]);
          const connectionId = interval === "hour" && view === "connection" ? of.connectionId : "";
          addTo(groups, { workspaceId, interval, view, start, connectionId }, of, outcome, counts);
        }
      };
    for (const { minute, outcome, counts, ...of } of attempts.values())
      rollAttempts(rollAt(minute), of, outcome, counts);
    for (const { minute, type, counts } of events.values()) {
      const roll = rollAt(minute);
      roll("total", NOTHING, "accepted", counts);
      roll("event_type", { ...NOTHING, eventType: type }, "accepted", counts);
    }
  }
  return [...groups.values()];
}

const NOTHING: Of = { connectionId: "", eventType: "", cause: "" };

function rollAttempts(roll: Roll, of: Of, outcome: AttemptOutcome, counts: Counts): void {
  const { connectionId, eventType, cause } = of;
  roll("total", NOTHING, outcome, counts);
  roll("connection", { ...NOTHING, connectionId, cause }, outcome, counts);
  roll("event_type", { ...NOTHING, eventType }, outcome, counts);
  roll("cause", { ...NOTHING, cause }, outcome, counts);
  roll("all", of, outcome, counts);
}

function addTo(
  groups: Map<string, Group>,
  group: Omit<Group, "members">,
  of: Of,
  outcome: AttemptOutcome | "accepted",
  counts: Counts,
): void {
  const { workspaceId, interval, view, start, connectionId } = group;
  const key = `${workspaceId} ${interval} ${view} ${start} ${connectionId}`;
  let known = groups.get(key);
  if (known === undefined) {
    known = { ...group, members: new Map() };
    groups.set(key, known);
  }
  addMember(known.members, of, outcome, counts);
}

function addMember(
  members: Map<string, Member>,
  { connectionId, eventType, cause }: Of,
  outcome: AttemptOutcome | "accepted",
  counts: Counts,
): void {
  const key = memberKey(connectionId, eventType, cause);
  let member = members.get(key);
  if (member === undefined) {
    member = { connectionId, eventType, cause, byOutcome: new Map() };
    members.set(key, member);
  }
  let sum = member.byOutcome.get(outcome);
  if (sum === undefined) {
    sum = noCounts();
    member.byOutcome.set(outcome, sum);
  }
  addCounts(sum, counts);
}

export function memberKey(connectionId: string, eventType: string, cause: string): string {
  return `${connectionId} ${eventType} ${cause}`;
}

/**
 * The group with as many new members as there is room for, the largest first, and the rest added up as other. `known` are
 * the keys of those that are stored already.
 */
export function bounded(group: Group, known: ReadonlySet<string>): Group {
  const isKnown = (member: Member) =>
    isExempt(group, member) || known.has(memberKey(member.connectionId, member.eventType, member.cause));
  const all = [...group.members.values()];
  const room = Math.max(0, membersMax(group) - known.size);
  const fresh = all.filter((member) => !isKnown(member)).toSorted((a, b) => weightOf(b) - weightOf(a));
  if (fresh.length <= room) return group;
  const members = new Map([...group.members].filter(([, member]) => isKnown(member)));
  for (const member of fresh.slice(0, room))
    members.set(memberKey(member.connectionId, member.eventType, member.cause), member);
  for (const { byOutcome } of fresh.slice(room)) {
    for (const [outcome, counts] of byOutcome) addMember(members, otherOf(group), outcome, counts);
  }
  return { ...group, members };
}

/** How what has no room is stored. */
export function otherOf({ view, connectionId }: Pick<Group, "view" | "connectionId">): Of {
  if (view === "all") return { connectionId: OTHER, eventType: OTHER, cause: OTHER };
  if (view === "event_type") return { ...NOTHING, eventType: OTHER };
  if (view === "cause") return { ...NOTHING, cause: OTHER };
  return connectionId === ""
    ? { ...NOTHING, connectionId: OTHER }
    : { ...NOTHING, connectionId, cause: OTHER };
}

function weightOf({ byOutcome }: Member): number {
  return [...byOutcome.values()].reduce((sum, { attempts, events }) => sum + attempts + events, 0);
}

export function rowsOf(groups: readonly Group[]): readonly BulkRow[] {
  return groups.flatMap(({ workspaceId, interval, view, start, members }) =>
    [...members.values()].flatMap(({ connectionId, eventType, cause, byOutcome }) =>
      [...byOutcome].map(([outcome, { attempts, deliveries, events, durationMs, classes }]) => [
        workspaceId,
        INTERVAL_SECONDS[interval],
        view,
        start,
        connectionId,
        eventType,
        outcome,
        cause,
        attempts,
        deliveries,
        events,
        durationMs,
        ...classes,
      ]),
    ),
  );
}
