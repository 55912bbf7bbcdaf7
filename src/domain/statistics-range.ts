import {
  type Dimension,
  HOUR_MS,
  INTERVAL_MS,
  type Interval,
  MINUTES_KEPT_MS,
  smallestView,
} from "./statistics.ts";

/** The requested range; null values are chosen by the server. Times are epoch milliseconds. */
export type RequestedRange = {
  readonly from: number | null;
  readonly to: number | null;
  readonly interval: Interval | null;
  readonly groupBy: Dimension | null;
  readonly limit: number;
  readonly filteredBy: readonly Dimension[];
};

/** `from` is the start of an interval. */
export type Range = { readonly from: number; readonly to: number; readonly interval: Interval };

export type RangeFault = {
  readonly path: "from" | "to" | "interval" | "limit";
  readonly message: string;
};

const DAY_MS = 24 * HOUR_MS;
const RANGE_DEFAULT_MS = DAY_MS;
/** Longest ranges for which minutes and hours are chosen: a few hundred points at most. */
const MINUTES_CHOSEN_MAX_MS = 3 * HOUR_MS;
const HOURS_CHOSEN_MAX_MS = 7 * DAY_MS;
/** Keeps a response below a few MB. */
const POINTS_MAX = 3000;
const POINTS_OF_ALL_SERIES_MAX = 30_000;
const DAYS_MAX = 400;
const DAYS_GROUPED_MAX = 31;

/** The range to read, or its faults. */
export function chooseRange(requested: RequestedRange, now: number): Range | readonly RangeFault[] {
  const to = Math.min(requested.to ?? now, now);
  const requestedFrom = requested.from ?? to - RANGE_DEFAULT_MS;
  if (requestedFrom >= to) return [{ path: "from", message: "Must be before `to`, and in the past." }];
  const interval = requested.interval ?? chooseInterval(requestedFrom, to, now);
  const from = requestedFrom - (requestedFrom % INTERVAL_MS[interval]);
  const faults = [
    ...findMinuteFaults(requested, { from: requestedFrom, to, interval }, now),
    ...findSizeFaults(requested, { from, to, interval }),
  ];
  return faults.length > 0 ? faults : { from, to, interval };
}

function chooseInterval(from: number, to: number, now: number): Interval {
  if (to - from <= MINUTES_CHOSEN_MAX_MS && from >= now - MINUTES_KEPT_MS) return "minute";
  return to - from <= HOURS_CHOSEN_MAX_MS ? "hour" : "day";
}

function findMinuteFaults(
  { groupBy, filteredBy }: RequestedRange,
  { from, interval }: Range,
  now: number,
): RangeFault[] {
  if (interval !== "minute") return [];
  if (from < now - MINUTES_KEPT_MS) {
    const hours = MINUTES_KEPT_MS / HOUR_MS;
    return [
      {
        path: "from",
        message: `Minutes are kept for ${hours} hours. Use a later time, or \`interval=hour\`.`,
      },
    ];
  }
  if (smallestView([...filteredBy, ...(groupBy === null ? [] : [groupBy])]) !== "all") return [];
  return [
    {
      path: "interval",
      message: "Event types together with connections or causes are kept per hour. Use `hour` or `day`.",
    },
  ];
}

function findSizeFaults({ groupBy, limit }: RequestedRange, { from, to, interval }: Range): RangeFault[] {
  const daysMax = groupBy === null ? DAYS_MAX : DAYS_GROUPED_MAX;
  if (to - from > (daysMax + 1) * DAY_MS) {
    const what = groupBy === null ? "A range" : "With `group_by`, a range";
    return [{ path: "from", message: `${what} has at most ${daysMax} days. Use a later time.` }];
  }
  const points = Math.ceil((to - from) / INTERVAL_MS[interval]);
  if (points > POINTS_MAX) {
    return [
      {
        path: "interval",
        message: `The range has ${points} of these; at most ${POINTS_MAX} are shown. Use a longer interval.`,
      },
    ];
  }
  if (groupBy === null || points * limit <= POINTS_OF_ALL_SERIES_MAX) return [];
  const limitMax = Math.floor(POINTS_OF_ALL_SERIES_MAX / points);
  return [
    {
      path: "limit",
      message: `The range has ${points} intervals, which leaves room for ${limitMax} groups. Use a longer interval or a smaller limit.`,
    },
  ];
}
