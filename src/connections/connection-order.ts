import {
  CONNECTION_STATES,
  type ConnectionState,
  type StateOfConnection,
} from "../domain/connection-state.ts";
import { foldCase } from "../domain/fold-case.ts";
import type { DaySum } from "./day-stats.ts";

export const CONNECTION_SORTS = ["created_at", "attention", "name", "volume", "success_rate", "p95"] as const;
export type ConnectionSort = (typeof CONNECTION_SORTS)[number];

/** Strings and numbers, compared one by one in ascending order. */
export type SortKey = readonly (string | number)[];

/** The values that orders depend on. */
export type Sortable = {
  readonly id: string;
  readonly name: string;
  readonly createdAt: number;
  readonly state: StateOfConnection;
  /** Paused by OpenSend rather than by a person. */
  readonly wasStopped: boolean;
  readonly pending: number;
  readonly sum: DaySum | undefined;
};

/** Whether an order depends on the deliveries of the last 24 hours. */
export function needsSums(sort: ConnectionSort): boolean {
  return sort === "volume" || sort === "success_rate" || sort === "p95";
}

/** A connection's sort key in an order. Connections without a value come last. */
export function sortKey(sort: ConnectionSort, one: Sortable): SortKey {
  switch (sort) {
    case "created_at":
      return [-one.createdAt];
    case "attention":
      return [urgencyOf(one), -one.pending, one.state.since ?? LAST, foldCase(one.name)];
    case "name":
      return [foldCase(one.name)];
    case "volume":
      return [-(one.sum?.attempts ?? 0), foldCase(one.name)];
    case "success_rate":
      return [successRate(one.sum) ?? LAST, -(one.sum?.attempts ?? 0)];
    case "p95":
      return [one.sum?.p95Ms == null ? LAST : -one.sum.p95Ms];
  }
}

const LAST = Number.MAX_SAFE_INTEGER;

/** From 0 to 1; null without attempts. */
export function successRate(sum: { delivered: number; failed: number } | undefined): number | null {
  if (sum === undefined) return null;
  const attempts = sum.delivered + sum.failed;
  return attempts === 0 ? null : sum.delivered / attempts;
}

/** Connections paused by OpenSend wait for a person, so they come before those paused by a person. */
function urgencyOf({ state: { state }, wasStopped }: Sortable): number {
  return wasStopped && state === "paused" ? CONNECTION_STATES.indexOf("held") - 0.5 : rankOf(state);
}

function rankOf(state: ConnectionState): number {
  return CONNECTION_STATES.indexOf(state);
}

/** For equal keys, the newer connection comes first. */
export function compareKeys(a: SortPosition, b: SortPosition): number {
  for (const [index, one] of a.key.entries()) {
    const other = b.key[index];
    if (other === undefined || one === other) continue;
    return one < other ? -1 : 1;
  }
  if (a.id === b.id) return 0;
  return a.id > b.id ? -1 : 1;
}

export type SortPosition = { readonly key: SortKey; readonly id: string };
