import { RANGES } from "../filters/time-range.ts";

export type Interval = "minute" | "hour" | "day";
export type RangeName = (typeof RANGES)[number]["name"];

/** A range of time that ends now, or one between two ISO 8601 times. */
export type ChartRange =
  | {
      readonly range: RangeName;
      /** Selects the range of the same length before it. */
      readonly isBefore?: boolean;
    }
  | { readonly from?: string | undefined; readonly to?: string | undefined };

export const INTERVAL_MS: Readonly<Record<Interval, number>> = {
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
};
const RANGE_INTERVALS: Readonly<Record<RangeName, Interval>> = {
  "1h": "minute",
  "24h": "hour",
  "7d": "hour",
  "30d": "day",
};
/** The query parameters of `GET /api/statistics`. */
type RangeParams = { from?: string; to?: string; interval?: Interval };

/** Whole intervals up to the current one, so that the range before has as many of them. */
export function rangeParams(options: ChartRange, nowMs: number): RangeParams {
  if (!("range" in options)) {
    const { from, to } = options;
    return { ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
  }
  const interval = RANGE_INTERVALS[options.range];
  const intervalMs = INTERVAL_MS[interval];
  const ms = RANGES.find(({ name }) => name === options.range)?.ms ?? 0;
  const start = nowMs - (nowMs % intervalMs) + intervalMs - ms;
  const iso = (at: number) => new Date(at).toISOString();
  return options.isBefore === true
    ? { from: iso(start - ms), to: iso(start), interval }
    : { from: iso(start), interval };
}
