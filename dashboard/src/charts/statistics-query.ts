import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, dataOf } from "../api/client.ts";
import type { operations } from "../api/schema.generated.ts";
import { type ChartRange, type Interval, rangeParams } from "./chart-range.ts";
import type { Point } from "./points.ts";

type StatisticsParams = NonNullable<operations["getStatistics"]["parameters"]["query"]>;

type StatisticsOptions = ChartRange & {
  /** Defaults to the interval of the range. */
  readonly interval?: Interval;
  readonly group_by?: NonNullable<StatisticsParams["group_by"]>;
  readonly limit?: number;
  readonly filters?: Pick<StatisticsParams, "connection_id" | "event_type" | "outcome" | "cause">;
};

const REFRESH_MS = 15_000;

/** Reads `GET /api/statistics` for a time range; refreshed while shown, if the range ends now. */
export const statisticsQuery = (options: StatisticsOptions) =>
  queryOptions({
    queryKey: ["statistics", options],
    queryFn: async () => {
      const { interval, group_by, limit, filters } = options;
      const query = {
        ...rangeParams(options, Date.now()),
        ...(interval !== undefined && { interval }),
        ...(group_by !== undefined && { group_by }),
        ...(limit !== undefined && { limit }),
        ...filters,
      };
      return (await dataOf(api.GET("/api/statistics", { params: { query } }))).data;
    },
    refetchInterval: "range" in options || options.to === undefined ? REFRESH_MS : false,
    placeholderData: keepPreviousData,
  });

/** The points of a series, in the form that `TimeBars` takes. */
export function pointsOf(
  points: readonly { readonly start: string; readonly delivered: number; readonly failed: number }[],
): readonly Point[] {
  return points.map(({ start, delivered, failed }) => ({ start: Date.parse(start), delivered, failed }));
}
