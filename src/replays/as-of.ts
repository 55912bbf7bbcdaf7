import type { ReplayFilter } from "./replay-row.ts";

/** The filter as of a time: it does not match later deliveries. */
export function asOf(filter: ReplayFilter, time: number): ReplayFilter {
  return { ...filter, createdBefore: Math.min(filter.createdBefore ?? Number.MAX_SAFE_INTEGER, time + 1) };
}
