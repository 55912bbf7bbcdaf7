import type { ReplayFilter } from "./replay-row.ts";

/** The filter as it was at a time: what came later is not meant. */
export function asOf(filter: ReplayFilter, time: number): ReplayFilter {
  return { ...filter, createdBefore: Math.min(filter.createdBefore ?? Number.MAX_SAFE_INTEGER, time + 1) };
}
