import { z } from "zod";
import { REPLAYABLE_STATUSES } from "../../domain/replay.ts";
import type { ReplayPreview } from "../../replays/preview.ts";
import type { Replay, ReplayFilter } from "../../replays/replay-row.ts";
import { deliveryFilterFields, readDeliveryFilter, responseClass } from "./delivery.ts";
import { listOf, timestamp, toNullableTimestamp, toTimestamp, uuid } from "./shared.ts";

const RATE_MAX = 100;

const statuses = z.array(z.enum(REPLAYABLE_STATUSES)).min(1);

export const ReplayBody = z
  .strictObject({
    filter: z
      .strictObject({ status: statuses.default(["failed"]), ...deliveryFilterFields })
      .meta({ description: "Which deliveries that have ended are sent again; tests never are" }),
    rate_per_second: z.int().min(1).max(RATE_MAX).default(10),
    dry_run: z.boolean().default(false).meta({ description: "Only count what would be sent again" }),
  })
  .meta({ id: "ReplayRequest" });

export const ReplayPreviewAnswer = z
  .object({
    object: z.literal("replay_preview"),
    data: z.object({
      count: z.int(),
      count_is_exact: z.boolean().meta({ description: "False when there are more than were counted" }),
      oldest_at: timestamp.nullable(),
      newest_at: timestamp.nullable(),
      rate_per_second: z.int(),
      eta_seconds: z.int().meta({ description: "How long it takes at this rate" }),
    }),
  })
  .meta({ id: "ReplayPreviewAnswer" });

export const ReplayView = z
  .object({
    id: uuid,
    status: z.enum(["running", "paused", "stopped", "completed"]),
    stop_reason: z
      .enum(["manual", "failures"])
      .nullable()
      .meta({ description: "`failures`: five attempts in a row failed" }),
    filter: z.object({
      status: statuses,
      connection_id: uuid.nullable(),
      event_type: z.string().nullable(),
      response: responseClass.nullable(),
      created_from: timestamp.nullable(),
      created_before: timestamp.nullable(),
    }),
    rate_per_second: z.int(),
    total: z.int().meta({ description: "Deliveries the filter fits" }),
    queued: z.int().meta({ description: "Made due so far" }),
    delivered: z.int().meta({ description: "Answered with a 2xx" }),
    failed: z.int().meta({ description: "Attempts that failed" }),
    skipped: z.int().meta({
      description:
        "Not sent: the connection is disconnected, the payload deleted, or the delivery cancelled meanwhile",
    }),
    created_by: z.string(),
    created_at: timestamp,
    updated_at: timestamp,
    finished_at: timestamp.nullable(),
  })
  .meta({ id: "Replay", description: "A job that sends ended deliveries again" });

export const ReplayList = listOf("ReplayList", ReplayView);

export const ReplayAnswer = z
  .object({ object: z.literal("replay"), data: ReplayView })
  .meta({ id: "ReplayAnswer" });

export function readReplayFilter({ status, ...fields }: z.infer<typeof ReplayBody>["filter"]): ReplayFilter {
  return { statuses: [...new Set(status)], ...readDeliveryFilter(fields) };
}

export function presentReplay(replay: Replay): z.infer<typeof ReplayView> {
  const { filter } = replay;
  return {
    id: replay.id,
    status: replay.status,
    stop_reason: replay.stopReason,
    filter: {
      status: [...filter.statuses],
      connection_id: filter.connectionId,
      event_type: filter.eventType,
      response: filter.response,
      created_from: toNullableTimestamp(filter.createdFrom),
      created_before: toNullableTimestamp(filter.createdBefore),
    },
    rate_per_second: replay.ratePerSecond,
    total: replay.total,
    queued: replay.queued,
    delivered: replay.delivered,
    failed: replay.failed,
    skipped: replay.skipped,
    created_by: replay.createdBy,
    created_at: toTimestamp(replay.createdAt),
    updated_at: toTimestamp(replay.updatedAt),
    finished_at: toNullableTimestamp(replay.finishedAt),
  };
}

export function presentReplayAnswer(replay: Replay): z.infer<typeof ReplayAnswer> {
  return { object: "replay", data: presentReplay(replay) };
}

export function presentReplayPreview(
  preview: ReplayPreview,
  ratePerSecond: number,
): z.infer<typeof ReplayPreviewAnswer> {
  return {
    object: "replay_preview",
    data: {
      count: preview.count,
      count_is_exact: preview.countIsExact,
      oldest_at: toNullableTimestamp(preview.oldestAt),
      newest_at: toNullableTimestamp(preview.newestAt),
      rate_per_second: ratePerSecond,
      eta_seconds: Math.ceil(preview.count / ratePerSecond),
    },
  };
}
