import type { Database, Dialect } from "../db/open.ts";

/** A value, and the number of deliveries that have it. The largest counts come first. */
export type FacetCount = { readonly value: string; readonly count: number };

export const FACETS = ["status", "connection", "eventType", "responseStatus", "errorCode"] as const;
export type Facets = Readonly<Record<(typeof FACETS)[number], readonly FacetCount[]>>;

export type FacetDeps = { readonly db: Database; readonly dialect: Dialect; readonly now: () => number };

export const NO_FACETS: Facets = {
  status: [],
  connection: [],
  eventType: [],
  responseStatus: [],
  errorCode: [],
};

/** Values shown per facet. */
export const VALUES_SHOWN_MAX = 50;

export type FacetMaps = Readonly<Record<(typeof FACETS)[number], Map<string, number>>>;

export function noCounts(): FacetMaps {
  return {
    status: new Map(),
    connection: new Map(),
    eventType: new Map(),
    responseStatus: new Map(),
    errorCode: new Map(),
  };
}

export function add(counts: Map<string, number>, value: string | number | null, count = 1): void {
  if (value === null || count === 0) return;
  counts.set(String(value), (counts.get(String(value)) ?? 0) + count);
}

export function toFacets(counts: FacetMaps): Facets {
  const shown = (of: ReadonlyMap<string, number>): readonly FacetCount[] =>
    [...of]
      .map(([value, count]) => ({ value, count }))
      .toSorted((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
      .slice(0, VALUES_SHOWN_MAX);
  return {
    status: shown(counts.status),
    connection: shown(counts.connection),
    eventType: shown(counts.eventType),
    responseStatus: shown(counts.responseStatus),
    errorCode: shown(counts.errorCode),
  };
}
