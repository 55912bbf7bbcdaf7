import { z } from "zod";
import { HOLD_REASONS, holdOf } from "../../domain/delivery-hold.ts";
import { RESPONSE_CLASSES } from "../../domain/response-class.ts";
import type { ChangeDeliveryDeps } from "../../history/change-delivery.ts";
import type { Searched } from "../../history/page-deliveries.ts";
import {
  ATTEMPTS_SHOWN,
  type AttemptListing,
  type DeliveryDetail,
  type DeliveryListing,
} from "../../history/read-deliveries.ts";
import { listOf, timestamp, toNullableTimestamp, toTimestamp, uuid } from "./shared.ts";
import { ExchangeParts } from "./test-event.ts";

export const deliveryStatus = z
  .enum(["pending", "delivered", "failed", "cancelled"])
  .meta({ id: "DeliveryStatus" });

export const responseClass = z.enum(RESPONSE_CLASSES).meta({
  id: "ResponseClass",
  description: "Class of the last response; `none`: it was tried and nothing responded",
});

/** The moment for which deliveries are presented. */
export type ShownNow = { readonly now: () => number; readonly isSending: (deliveryId: string) => boolean };

/** The state of these deliveries now, whichever process sends them. */
export async function shownNow(
  { now, sending }: Pick<ChangeDeliveryDeps, "now" | "sending">,
  deliveries: readonly DeliveryListing[],
): Promise<ShownNow> {
  const elsewhere = await sending.elsewhere(deliveries);
  return { now, isSending: (id) => sending.here(id) || elsewhere.has(id) };
}

const Hold = z
  .object({
    reason: z.enum(HOLD_REASONS).meta({
      description:
        "`connection_paused`; `receiver_failing`: the circuit breaker is open, `until` is the next probe; `retry_after`: the receiver asked to wait; `rate_limit` of the connection; `order`: an earlier delivery comes first; `queue`: it waits for its turn",
    }),
    until: timestamp.nullable().meta({ description: "When it ends, null if that is not known" }),
  })
  .meta({ id: "DeliveryHold" });

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
    .meta({ description: "When the next attempt is due, at the earliest when its connection allows one" }),
  hold: Hold.nullable().meta({
    description:
      "Why a pending delivery is not being sent now; null when it waits for its own retry only, and once it has ended",
  }),
  is_sending: z.boolean().meta({
    description:
      "Whether it is being sent right now, by any process. In a stream: by the process that serves it",
  }),
  last_attempt_at: timestamp.nullable(),
  response_status: z
    .int()
    .nullable()
    .meta({ description: "HTTP status of the last attempt; null without a response" }),
  error_code: z.string().nullable().meta({ description: "Why the last attempt failed" }),
  duration_ms: z.int().nullable().meta({ description: "How long the last attempt took" }),
  replay_id: uuid.nullable().meta({ description: "The replay that queued it, until its attempt has ended" }),
  created_at: timestamp,
  updated_at: timestamp,
};

export const DeliveryView = z
  .object(deliveryFields)
  .meta({ id: "Delivery", description: "One event to be delivered to one connection" });

const SearchedView = z
  .object({
    until: timestamp.nullable().meta({ description: "Deliveries up to this one were looked at" }),
    rows: z.int().meta({ description: "Deliveries looked at for this page" }),
    complete: z.boolean().meta({ description: "Whether nothing is left to look at" }),
  })
  .meta({ id: "DeliverySearch" });

export const DeliveryList = listOf("DeliveryList", DeliveryView)
  .extend({
    searched: SearchedView.nullable().meta({
      description:
        "How far this page looked, where it had to look through deliveries that do not match or to compare them; else null",
    }),
  })
  .meta({ id: "DeliveryList" });

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
  .meta({ id: "Attempt", description: "One HTTP request for a delivery, with its outcome" });

const DeliveryDetailView = z
  .object({
    ...deliveryFields,
    request: z.object({
      method: z.literal("POST"),
      url_preview: z.string(),
      body: z.string().nullable().meta({ description: "Null once the payload has been deleted" }),
    }),
    attempts: z
      .array(AttemptView)
      .meta({ description: `The newest ${ATTEMPTS_SHOWN}, oldest first; \`/attempts\` has the others` }),
    attempts_total: z.int(),
  })
  .meta({ id: "DeliveryDetail" });

export const AttemptList = listOf("AttemptList", AttemptView);

export const DeliveryAnswer = z
  .object({ object: z.literal("delivery"), data: DeliveryDetailView })
  .meta({ id: "DeliveryAnswer" });

export function presentDelivery(
  delivery: DeliveryListing,
  { now, isSending: asks }: ShownNow,
): z.infer<typeof DeliveryView> {
  const isSending = asks(delivery.id);
  const hold = holdOf({ ...delivery, isSending }, delivery.queue, now());
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
    hold: hold && { reason: hold.reason, until: toNullableTimestamp(hold.until) },
    is_sending: isSending,
    last_attempt_at: toNullableTimestamp(delivery.lastAttemptAt),
    response_status: delivery.responseStatus,
    error_code: delivery.errorCode,
    duration_ms: delivery.durationMs,
    replay_id: delivery.replayId,
    created_at: toTimestamp(delivery.createdAt),
    updated_at: toTimestamp(delivery.updatedAt),
  };
}

export function presentDeliveryAnswer(
  delivery: DeliveryDetail,
  shown: ShownNow,
): z.infer<typeof DeliveryAnswer> {
  const { urlPreview, body } = delivery.request;
  return {
    object: "delivery",
    data: {
      ...presentDelivery(delivery, shown),
      request: { method: "POST", url_preview: urlPreview, body },
      attempts: delivery.attempts.map(presentAttempt),
      attempts_total: delivery.attemptCount,
    },
  };
}

export function presentAttempt(attempt: AttemptListing): z.infer<typeof AttemptView> {
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

export function presentSearched(searched: Searched | null): z.infer<typeof SearchedView> | null {
  if (searched === null) return null;
  const { until, rows, isComplete } = searched;
  return { until: toNullableTimestamp(until), rows, complete: isComplete };
}
