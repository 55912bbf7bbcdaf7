import { z } from "zod";
import { successRate } from "../../connections/connection-order.ts";
import type { DayStats } from "../../connections/day-stats.ts";
import { timestamp, toTimestamp } from "./shared.ts";

export const ConnectionStatsView = z
  .object({
    from: timestamp,
    to: timestamp,
    attempts: z.int(),
    delivered: z.int().meta({ description: "Attempts that delivered" }),
    failed: z.int().meta({ description: "Attempts that failed, whether or not they were repeated" }),
    success_rate: z.number().nullable().meta({ description: "From 0 to 1; null without attempts" }),
    p95_ms: z.int().nullable(),
    hours: z
      .array(z.object({ start: timestamp, delivered: z.int(), failed: z.int() }))
      .meta({ description: "24 hours by their start, the oldest first" }),
  })
  .meta({ id: "ConnectionStats", description: "The last 24 hours of attempts; tests are not counted" });

export function presentStats(stats: DayStats): z.infer<typeof ConnectionStatsView> {
  return {
    from: toTimestamp(stats.from),
    to: toTimestamp(stats.to),
    attempts: stats.delivered + stats.failed,
    delivered: stats.delivered,
    failed: stats.failed,
    success_rate: successRate(stats),
    p95_ms: stats.p95Ms,
    hours: stats.hours.map(({ start, ...counts }) => ({ start: toTimestamp(start), ...counts })),
  };
}
