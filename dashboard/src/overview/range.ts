import type { RangeName } from "../charts/chart-range.ts";
import { RANGES } from "../filters/time-range.ts";

export type OverviewSearch = { range?: RangeName | undefined };

export const RANGE_DEFAULT: RangeName = "24h";

export function readOverviewSearch(search: Record<string, unknown>): OverviewSearch {
  const range = RANGES.find(({ name }) => name === search["range"])?.name;
  return { range: range === RANGE_DEFAULT ? undefined : range };
}
