import type { TimeZone } from "../text/time-ago.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

export const RANGES = [
  { name: "1h", label: "Last hour", ms: HOUR_MS },
  { name: "24h", label: "Last 24 hours", ms: DAY_MS },
  { name: "7d", label: "Last 7 days", ms: 7 * DAY_MS },
  { name: "30d", label: "Last 30 days", ms: 30 * DAY_MS },
] as const;

type RangeName = (typeof RANGES)[number]["name"];

/**
 * A time range as the page's URL contains it: one that moves with the clock, or one between two times, each of which
 * can be open.
 */
export type TimeRange = {
  range?: RangeName | undefined;
  from?: string | undefined;
  before?: string | undefined;
};

export function readTimeRange(search: Record<string, unknown>): TimeRange {
  const range = RANGES.find(({ name }) => name === search["range"])?.name;
  if (range !== undefined) return { range, from: undefined, before: undefined };
  return { range: undefined, from: readMoment(search["from"]), before: readMoment(search["before"]) };
}

/** The range's ends as ISO 8601 times, relative to `nowMs`. */
export function boundsOf(
  { range, from, before }: TimeRange,
  nowMs: number,
): { from?: string; before?: string } {
  const ms = RANGES.find(({ name }) => name === range)?.ms;
  if (ms !== undefined) return { from: new Date(nowMs - ms).toISOString() };
  return { ...(from !== undefined && { from }), ...(before !== undefined && { before }) };
}

/** A time in the format of `<input type="datetime-local">`, in the displayed time zone. */
export function toMomentInput(iso: string | undefined, zone: TimeZone): string {
  if (iso === undefined) return "";
  const date = new Date(iso);
  const aheadMin = zone === "utc" ? 0 : -date.getTimezoneOffset();
  return new Date(date.getTime() + aheadMin * 60_000).toISOString().slice(0, 16);
}

export function fromMomentInput(text: string, zone: TimeZone): string | undefined {
  return readMoment(zone === "utc" && text !== "" ? `${text}Z` : text);
}

function readMoment(value: unknown): string | undefined {
  if (typeof value !== "string") return undefined;
  const ms = Date.parse(value);
  return Number.isNaN(ms) ? undefined : new Date(ms).toISOString();
}
