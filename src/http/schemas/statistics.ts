import { z } from "zod";
import {
  DIMENSIONS,
  type Dimension,
  INTERVALS,
  type Interval,
  OUTCOMES,
  readCause,
} from "../../domain/statistics.ts";
import type { Range } from "../../domain/statistics-range.ts";
import type { Figures, Series, Statistics } from "../../statistics/read-statistics.ts";
import { eventTypePattern, time, timestamp, toTimestamp } from "./shared.ts";

const GROUPS = 20;
const GROUPS_MAX = 100;
const CAUSE_LENGTH_MAX = 500;

export const StatisticsRequest = z.strictObject({
  from: time
    .optional()
    .meta({ description: "24 hours before `to` unless given; its interval is shown whole" }),
  to: time.optional().meta({ description: "Now unless given" }),
  interval: z.enum(INTERVALS).optional().meta({
    description:
      "Up to 3 hours are shown by the minute, up to 7 days by the hour, unless given. Days are those of UTC",
  }),
  group_by: z.enum(DIMENSIONS).optional(),
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(GROUPS_MAX)
    .default(GROUPS)
    .meta({ description: "With `group_by`: so many groups, the largest; the rest is added up as one more" }),
  connection_id: z.uuid().optional(),
  event_type: eventTypePattern.optional(),
  outcome: z.enum(OUTCOMES).optional(),
  cause: z
    .string()
    .max(CAUSE_LENGTH_MAX)
    .refine((text) => readCause(text) !== null, "Must be a cause as `group_by=cause` shows it.")
    .optional(),
});

const figures = {
  attempts: z.int().meta({ description: "Requests sent; test events are not counted" }),
  delivered: z.int().meta({ description: "Deliveries that ended with a 2xx" }),
  failed: z.int().meta({ description: "Deliveries that ended without: no attempt is left" }),
  retried: z.int().meta({ description: "Attempts that failed and are repeated" }),
  events: z
    .int()
    .nullable()
    .meta({ description: "Events accepted; null where a connection, an outcome or a cause is asked for" }),
  p50_ms: z.int().nullable().meta({ description: "Half of the attempts took no longer; null without any" }),
  p95_ms: z.int().nullable().meta({ description: "95 % of the attempts took no longer; null without any" }),
};

const SeriesView = z
  .object({
    group: z.string().nullable().meta({
      description: "Connection id, event type, outcome or cause; null for the others, and without `group_by`",
    }),
    is_other: z.boolean().meta({ description: "Whether this is what the other series leave, added up" }),
    cause: z
      .object({ error_code: z.string(), response_status: z.int().nullable(), host: z.string() })
      .nullable()
      .meta({ description: "With `group_by=cause`: the parts of `group`" }),
    pending: z
      .int()
      .nullable()
      .meta({ description: "With `group_by=connection`: its deliveries that are pending now; else null" }),
    total: z.object(figures),
    points: z
      .array(z.object({ start: timestamp, ...figures }))
      .meta({ description: "Every interval, the oldest first" }),
  })
  .meta({ id: "StatisticsSeries" });

export const StatisticsAnswer = z
  .object({
    object: z.literal("statistics"),
    data: z.object({
      from: timestamp,
      to: timestamp,
      interval: z.enum(INTERVALS),
      group_by: z.enum(DIMENSIONS).nullable(),
      as_of: timestamp.meta({ description: "What was recorded up to then is counted" }),
      is_exact: z.boolean().meta({
        description:
          "False when an interval had more combinations than are kept apart, and some may be missing here",
      }),
      pending: z.int().nullable().meta({
        description:
          "Deliveries that are pending now; null where an event type, an outcome or a cause is asked for",
      }),
      series: z.array(SeriesView),
    }),
  })
  .meta({ id: "StatisticsAnswer" });

type Asked = Range & { readonly groupBy: Dimension | null; readonly interval: Interval };

/** Deliveries that are pending now, in total and per connection. Null if they cannot be counted for this query. */
export type Pending = { readonly total: number; readonly byConnection: ReadonlyMap<string, number> } | null;

export function presentStatistics(
  { from, to, interval, groupBy }: Asked,
  { series, isExact, asOf }: Statistics,
  pending: Pending,
): z.infer<typeof StatisticsAnswer> {
  return {
    object: "statistics",
    data: {
      from: toTimestamp(from),
      to: toTimestamp(to),
      interval,
      group_by: groupBy,
      as_of: toTimestamp(asOf),
      is_exact: isExact,
      pending: pending?.total ?? null,
      series: series.map((one) => presentSeries(one, groupBy, pending)),
    },
  };
}

function presentSeries(
  { group, isOther, total, points }: Series,
  groupBy: Dimension | null,
  pending: Pending,
) {
  const isConnection = groupBy === "connection" && group !== null && pending !== null;
  const cause = groupBy === "cause" && group !== null ? readCause(group) : null;
  return {
    group,
    is_other: isOther,
    cause: cause && { error_code: cause.errorCode, response_status: cause.responseStatus, host: cause.host },
    pending: isConnection ? (pending.byConnection.get(group) ?? 0) : null,
    total: presentFigures(total),
    points: points.map(({ start, ...rest }) => ({ start: toTimestamp(start), ...presentFigures(rest) })),
  };
}

function presentFigures({ attempts, delivered, failed, retried, events, p50Ms, p95Ms }: Figures) {
  return { attempts, delivered, failed, retried, events, p50_ms: p50Ms, p95_ms: p95Ms };
}
