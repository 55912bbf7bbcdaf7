import { z } from "zod";
import { REPLAY_STARTS, REPLAYABLE_STATUSES } from "../../domain/replay.ts";
import type { ReplayPreview } from "../../replays/preview.ts";
import type { NamedConnection, Replay, ReplayFilter } from "../../replays/replay-row.ts";
import type { ReplayRequest } from "../../replays/start.ts";
import { responseClass } from "./delivery.ts";
import { deliveryFilterFields, readDeliveryFilter } from "./delivery-filter.ts";
import { listOf, timestamp, toNullableTimestamp, toTimestamp, uuid } from "./shared.ts";

export const RATE_MAX = 100;

const statuses = z.array(z.enum(REPLAYABLE_STATUSES)).min(1);

export const ReplayFilterBody = z
  .strictObject({ status: statuses.default(["failed"]), ...deliveryFilterFields })
  .meta({ description: "Which deliveries that have ended are sent again; tests never are" });

/** Pace and start of a replay. */
export const replayOptionFields = {
  rate_per_second: z.int().min(1).max(RATE_MAX).default(10),
  when: z.enum(REPLAY_STARTS).default("now").meta({
    description:
      "`receiver_recovers`: sends nothing to a receiver that fails, or to a paused connection, before it has taken something again, such as a test event, a retry or a new event",
  }),
  healthy_only: z.boolean().default(false).meta({
    description: "Leave out connections that are paused or fail when the replay comes to them",
  }),
};

export const ReplayBody = z
  .strictObject({
    filter: ReplayFilterBody,
    ...replayOptionFields,
    dry_run: z.boolean().default(false).meta({ description: "Only count what would be sent again" }),
  })
  .meta({ id: "ReplayRequest" });

const Cause = z
  .object({
    connection_id: uuid,
    connection_name: z.string(),
    error_code: z
      .string()
      .nullable()
      .meta({ description: "Null for deliveries that were delivered or never tried" }),
    response_status: z.int().nullable(),
    count: z.int(),
    is_failing: z
      .boolean()
      .meta({ description: "Whether the receiver takes nothing now, as far as is known" }),
  })
  .meta({ id: "ReplayCause" });

export const ReplayPreviewAnswer = z
  .object({
    object: z.literal("replay_preview"),
    data: z.object({
      count: z.int(),
      count_is_exact: z.boolean().meta({
        description: "False when there are more than were counted; the oldest are counted, and their causes",
      }),
      oldest_at: timestamp.nullable(),
      newest_at: timestamp.nullable(),
      causes: z.array(Cause).meta({ description: "By connection and last failure, the largest 100 first" }),
      failing_count: z.int().meta({
        description: "Of the count: those whose receiver fails now, or whose connection is paused",
      }),
      rate_per_second: z.int(),
      eta_seconds: z.int().nullable().meta({
        description:
          "How long it takes at this rate; null when some receiver fails or a connection is paused",
      }),
    }),
  })
  .meta({ id: "ReplayPreviewAnswer" });

const ReplayConnection = z
  .object({ connection_id: uuid, connection_name: z.string() })
  .meta({ id: "ReplayConnection" });

const separated = (what: string) =>
  z
    .string()
    .nullable()
    .meta({ description: `${what}, separated by commas` });

export const ReplayView = z
  .object({
    id: uuid,
    status: z.enum(["running", "waiting_for_receiver", "paused", "stopped", "completed"]).meta({
      description:
        "`waiting_for_receiver`: all that is left goes to receivers that fail, or to paused connections. It goes on by itself",
    }),
    stop_reason: z.enum(["manual", "failures"]).nullable().meta({
      description:
        "`failures`: of at least one connection five attempts in a row failed; the others were served",
    }),
    filter: z.object({
      status: statuses,
      ids_count: z.int().nullable().meta({ description: "How many deliveries were chosen one by one" }),
      connection_id: separated("Connections"),
      event_id: uuid.nullable(),
      event_type: separated("Event types and patterns"),
      response: responseClass.nullable(),
      response_status: separated("HTTP statuses"),
      error_code: separated("Error codes"),
      created_from: timestamp.nullable(),
      created_before: timestamp.nullable(),
    }),
    when: z.enum(REPLAY_STARTS),
    healthy_only: z.boolean(),
    waiting_for: z.array(ReplayConnection).meta({
      description: "Connections that it goes on with once their receiver takes something; 10 at most",
    }),
    stopped_for: z.array(ReplayConnection).meta({
      description: "Connections that it does not send to any more: five attempts in a row failed; 10 at most",
    }),
    rate_per_second: z.int(),
    eta_seconds: z.int().nullable().meta({
      description:
        "How long the remaining deliveries take at this rate; null while the replay waits for a receiver or does not run",
    }),
    total: z.int().meta({ description: "Deliveries the filter fits" }),
    queued: z.int().meta({ description: "Deliveries queued so far" }),
    delivered: z.int().meta({ description: "Deliveries that got a 2xx" }),
    failed: z.int().meta({ description: "Attempts that failed" }),
    skipped: z.int().meta({
      description:
        "Not sent: the connection is disconnected, stopped or left out, the payload deleted, or the delivery cancelled meanwhile",
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

export function readReplayFilter({ status, ...fields }: z.infer<typeof ReplayFilterBody>): ReplayFilter {
  return { statuses: [...new Set(status)], ...readDeliveryFilter(fields) };
}

type OptionFields = z.infer<z.ZodObject<typeof replayOptionFields>>;

export function readReplayOptions(fields: OptionFields): Omit<ReplayRequest, "filter"> {
  return { ratePerSecond: fields.rate_per_second, starts: fields.when, healthyOnly: fields.healthy_only };
}

export function presentReplay(replay: Replay): z.infer<typeof ReplayView> {
  const { connections } = replay;
  return {
    id: replay.id,
    status: replay.isWaiting ? "waiting_for_receiver" : replay.status,
    stop_reason: replay.stopReason,
    filter: presentFilter(replay.filter),
    when: replay.starts,
    healthy_only: replay.healthyOnly,
    waiting_for: connections.waiting.map(presentConnectionName),
    stopped_for: connections.stopped.map(presentConnectionName),
    rate_per_second: replay.ratePerSecond,
    eta_seconds: etaOf(replay),
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

function presentFilter(filter: ReplayFilter): z.infer<typeof ReplayView>["filter"] {
  return {
    status: [...filter.statuses],
    ids_count: filter.ids?.length ?? null,
    connection_id: filter.connectionIds?.join(",") ?? null,
    event_id: filter.eventId,
    event_type: filter.eventTypes?.join(",") ?? null,
    response: filter.response,
    response_status: filter.responseStatuses?.join(",") ?? null,
    error_code: filter.errorCodes?.join(",") ?? null,
    created_from: toNullableTimestamp(filter.createdFrom),
    created_before: toNullableTimestamp(filter.createdBefore),
  };
}

function presentConnectionName({ connectionId, name }: NamedConnection) {
  return { connection_id: connectionId, connection_name: name };
}

/** Null while nothing is progressing. */
function etaOf({ status, isWaiting, connections, ...replay }: Replay): number | null {
  if (status !== "running" || isWaiting || connections.waiting.length > 0) return null;
  return Math.ceil(Math.max(0, replay.total - replay.queued - replay.skipped) / replay.ratePerSecond);
}

export function presentReplayAnswer(replay: Replay): z.infer<typeof ReplayAnswer> {
  return { object: "replay", data: presentReplay(replay) };
}

export function presentReplayPreview(
  preview: ReplayPreview,
  { ratePerSecond, healthyOnly }: Pick<ReplayRequest, "ratePerSecond" | "healthyOnly">,
): z.infer<typeof ReplayPreviewAnswer> {
  const { count, troubledCount } = preview;
  const isEstimable = troubledCount === 0 || healthyOnly;
  const sent = healthyOnly ? count - troubledCount : count;
  return {
    object: "replay_preview",
    data: {
      count,
      count_is_exact: preview.countIsExact,
      oldest_at: toNullableTimestamp(preview.oldestAt),
      newest_at: toNullableTimestamp(preview.newestAt),
      causes: preview.causes.map((cause) => ({
        connection_id: cause.connectionId,
        connection_name: cause.connectionName,
        error_code: cause.errorCode,
        response_status: cause.responseStatus,
        count: cause.count,
        is_failing: cause.isTroubled,
      })),
      failing_count: troubledCount,
      rate_per_second: ratePerSecond,
      eta_seconds: isEstimable ? Math.ceil(sent / ratePerSecond) : null,
    },
  };
}
