import { count } from "../text/count.ts";

/** The states worth showing, worst first. */
const SHOWN_STATES = ["failing", "held", "paused", "idle"] as const;

type StateCount = { readonly state: (typeof SHOWN_STATES)[number]; readonly count: number };

export type ConnectionCounts = {
  /** Excludes disconnected connections. */
  readonly total: number;
  readonly states: readonly StateCount[];
};

type Counted = { readonly connection_counts?: Readonly<Record<string, number>> };

/** The number of connections of all connectors together; null if the server does not return it. */
export function countsOf(entries: readonly object[]): ConnectionCounts | null {
  const all = entries
    .map(({ connection_counts: counts }: Counted) => counts)
    .filter((counts) => counts !== undefined);
  if (all.length === 0) return null;
  const sum = (state: string) => all.reduce((total, counts) => total + (counts[state] ?? 0), 0);
  return {
    total: [...SHOWN_STATES, "ok"].reduce((total, state) => total + sum(state), 0),
    states: SHOWN_STATES.map((state) => ({ state, count: sum(state) })).filter((one) => one.count > 0),
  };
}

/** "11 failing, 2 paused" */
export function stateWords(states: readonly StateCount[]): string {
  return states.map(({ state, count: number }) => `${count(number)} ${state}`).join(", ");
}
