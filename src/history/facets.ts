import { HOUR_MS } from "../domain/statistics.ts";
import { readAsOf } from "../statistics/read-statistics.ts";
import { type FacetDeps, type Facets, NO_FACETS } from "./facet-counts.ts";
import { countFacets } from "./facets-of-rows.ts";
import { addUpFacets } from "./facets-of-statistics.ts";
import { withKnownConnections } from "./page-deliveries.ts";
import type { DeliveryFilter } from "./read-filter.ts";

export type DeliveryFacets = Facets & {
  /** Whether every delivery of the filter was counted. */
  readonly isExact: boolean;
  /** Everything recorded up to this time is counted. */
  readonly asOf: number;
  /** Only deliveries created, or attempts that ended, since this time are counted; null for all. */
  readonly from: number | null;
};

/** Approximate facets cover at most this many hours, for which statistics are read in less than 50 ms. */
const HOURS_MAX = 48;

/**
 * How many deliveries of a filter have which status, connection, type, response and error. Small results are counted
 * exactly; for larger ones the statistics of the last two days are used.
 */
export async function readFacets(
  deps: FacetDeps,
  workspaceId: string,
  requested: DeliveryFilter,
): Promise<DeliveryFacets> {
  const now = deps.now();
  const filter = await withKnownConnections(deps, workspaceId, requested);
  if (filter === null) return { ...NO_FACETS, isExact: true, asOf: now, from: null };
  const counted = await countFacets(deps, workspaceId, filter);
  if (counted !== null) return { ...counted, isExact: true, asOf: now, from: requested.createdFrom };
  const to = Math.min(filter.createdBefore ?? now + 1, now + 1);
  const earliest = to - (to % HOUR_MS) - (HOURS_MAX - 1) * HOUR_MS;
  const from = Math.max(filter.createdFrom ?? earliest, earliest);
  const facets = await addUpFacets(deps, workspaceId, filter, { from, to });
  return { ...facets, isExact: false, asOf: await readAsOf(deps), from };
}
