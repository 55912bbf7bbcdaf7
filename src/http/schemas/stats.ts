import { z } from "zod";
import type { DeliveryStats } from "../../connections/delivery-stats.ts";
import { timestamp, toNullableTimestamp, toTimestamp } from "./shared.ts";

const counts = { delivered: z.int(), failed: z.int() };

export const DeliveryStatsAnswer = z
  .object({
    object: z.literal("delivery_stats"),
    data: z.object({
      from: timestamp,
      to: timestamp,
      hours: z
        .array(z.object({ hour: timestamp, ...counts }))
        .meta({ description: "24 hours by their start, the oldest first; attempts that ended in each" }),
      ...counts,
      p95_ms: z.int().nullable().meta({
        description:
          "95 % of these attempts took no longer, interpolated between classes of durations; null without any",
      }),
      last_failure_at: timestamp.nullable(),
      silence: z
        .object({
          since: timestamp.meta({ description: "Start of the last hour in which anything was sent" }),
          events_per_day: z.number().meta({ description: "Delivered a day before that, on average" }),
        })
        .nullable()
        .meta({
          description:
            "Set when what is connected was sent to regularly and has not been for much longer than usual",
        }),
    }),
  })
  .meta({ id: "DeliveryStatsAnswer" });

export function presentDeliveryStats(stats: DeliveryStats): z.infer<typeof DeliveryStatsAnswer> {
  return {
    object: "delivery_stats",
    data: {
      from: toTimestamp(stats.from),
      to: toTimestamp(stats.to),
      hours: stats.hours.map(({ start, ...rest }) => ({ hour: toTimestamp(start), ...rest })),
      delivered: stats.delivered,
      failed: stats.failed,
      p95_ms: stats.p95Ms,
      last_failure_at: toNullableTimestamp(stats.lastFailureAt),
      silence: stats.silence && {
        since: toTimestamp(stats.silence.since),
        events_per_day: stats.silence.eventsPerDay,
      },
    },
  };
}
