import { z } from "zod";
import { EVENT_TYPE_LENGTH_MAX } from "../../domain/event-type-pattern.ts";
import { RESPONSE_CLASSES } from "../../domain/response-class.ts";
import type { AttemptListing, DeliveryDetail, DeliveryListing } from "../../history/read-deliveries.ts";
import type { DeliveryFilter } from "../../history/read-filter.ts";
import { givenId, line, listOf, time, timestamp, toNullableTimestamp, toTimestamp, uuid } from "./shared.ts";
import { ExchangeParts } from "./test-event.ts";

export const deliveryStatus = z
  .enum(["pending", "delivered", "failed", "cancelled"])
  .meta({ id: "DeliveryStatus" });

export const responseClass = z.enum(RESPONSE_CLASSES).meta({
  id: "ResponseClass",
  description: "Class of the last response; `none`: it was tried and nothing responded",
});

/** What lists and replays of deliveries can be narrowed by, besides the status. */
export const deliveryFilterFields = {
  connection_id: givenId.optional(),
  event_type: line({ min: 1, max: EVENT_TYPE_LENGTH_MAX }).optional(),
  response: responseClass.optional(),
  created_from: time.optional(),
  created_before: time.optional(),
};

type FilterFields = z.infer<z.ZodObject<typeof deliveryFilterFields>>;

export function readDeliveryFilter(fields: FilterFields): Omit<DeliveryFilter, "statuses"> {
  const { connection_id, event_type, response, created_from, created_before } = fields;
  return {
    connectionId: connection_id ?? null,
    eventType: event_type ?? null,
    response: response ?? null,
    createdFrom: created_from === undefined ? null : Date.parse(created_from),
    createdBefore: created_before === undefined ? null : Date.parse(created_before),
  };
}

const deliveryFields = {
  id: uuid,
  event_id: uuid,
  event_type: z.string(),
  connection_id: uuid,
  connection_name: z.string(),
  trigger: ExchangeParts.trigger,
  status: deliveryStatus,
  attempt_count: z.int(),
  next_attempt_at: timestamp
    .nullable()
    .meta({ description: "When it is due, and no sooner than its connection lets anything leave" }),
  last_attempt_at: timestamp.nullable(),
  response_status: z
    .int()
    .nullable()
    .meta({ description: "HTTP status of the last attempt, null without an answer" }),
  error_code: z.string().nullable().meta({ description: "What the last attempt failed of" }),
  duration_ms: z.int().nullable().meta({ description: "How long the last attempt took" }),
  replay_id: uuid.nullable().meta({ description: "The replay that made it due, until its attempt is over" }),
  created_at: timestamp,
  updated_at: timestamp,
};

export const DeliveryView = z
  .object(deliveryFields)
  .meta({ id: "Delivery", description: "One event to be delivered to one connection" });

export const DeliveryList = listOf("DeliveryList", DeliveryView);

const AttemptView = z
  .object({
    number: z.int(),
    trigger: ExchangeParts.trigger,
    started_at: timestamp,
    duration_ms: z.int(),
    timings: ExchangeParts.timings,
    request: z.object({ headers: z.record(z.string(), z.string()) }),
    response: z
      .object({
        status: z.int(),
        status_text: z.string(),
        headers: z.record(z.string(), z.string()),
        body: z.string(),
        truncated: z.boolean(),
      })
      .nullable(),
    error: ExchangeParts.error,
    explanation: ExchangeParts.explanation,
  })
  .meta({ id: "Attempt", description: "One HTTP request made for a delivery, with its outcome" });

const DeliveryDetailView = z
  .object({
    ...deliveryFields,
    request: z.object({
      method: z.literal("POST"),
      url_preview: z.string(),
      body: z.string().nullable().meta({ description: "Null once the payload has been deleted" }),
    }),
    attempts: z.array(AttemptView),
  })
  .meta({ id: "DeliveryDetail" });

export const DeliveryAnswer = z
  .object({ object: z.literal("delivery"), data: DeliveryDetailView })
  .meta({ id: "DeliveryAnswer" });

export function presentDelivery(delivery: DeliveryListing): z.infer<typeof DeliveryView> {
  return {
    id: delivery.id,
    event_id: delivery.eventId,
    event_type: delivery.eventType,
    connection_id: delivery.connectionId,
    connection_name: delivery.connectionName,
    trigger: delivery.trigger,
    status: delivery.status,
    attempt_count: delivery.attemptCount,
    next_attempt_at: toNullableTimestamp(delivery.nextAttemptAt),
    last_attempt_at: toNullableTimestamp(delivery.lastAttemptAt),
    response_status: delivery.responseStatus,
    error_code: delivery.errorCode,
    duration_ms: delivery.durationMs,
    replay_id: delivery.replayId,
    created_at: toTimestamp(delivery.createdAt),
    updated_at: toTimestamp(delivery.updatedAt),
  };
}

export function presentDeliveryAnswer(delivery: DeliveryDetail): z.infer<typeof DeliveryAnswer> {
  const { urlPreview, body } = delivery.request;
  return {
    object: "delivery",
    data: {
      ...presentDelivery(delivery),
      request: { method: "POST", url_preview: urlPreview, body },
      attempts: delivery.attempts.map(presentAttempt),
    },
  };
}

function presentAttempt(attempt: AttemptListing): z.infer<typeof AttemptView> {
  const { response } = attempt;
  return {
    number: attempt.number,
    trigger: attempt.trigger,
    started_at: toTimestamp(attempt.startedAt),
    duration_ms: attempt.durationMs,
    timings: attempt.timings,
    request: { headers: attempt.requestHeaders },
    response:
      response === null
        ? null
        : {
            status: response.status,
            status_text: response.statusText,
            headers: response.headers,
            body: response.body,
            truncated: response.truncated,
          },
    error: attempt.error,
    explanation: attempt.explanation,
  };
}
