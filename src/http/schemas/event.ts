import { z } from "zod";
import { SHOWN_ORIGINS } from "../../domain/event.ts";
import { EVENT_TYPE_LENGTH_MAX } from "../../domain/event-type-pattern.ts";
import { NOT_DELIVERED_REASONS, type NotDeliveredReason } from "../../domain/not-delivered.ts";
import { EVENTS_PER_BATCH_MAX } from "../../domain/read-event.ts";
import type { Outcomes } from "../../history/count-outcomes.ts";
import type { EventListing } from "../../history/event-listing.ts";
import type { EventDetail } from "../../history/get-event.ts";
import type { ListedEvent } from "../../history/list-events.ts";
import type { NotDelivered } from "../../history/not-delivered.ts";
import type { Searched } from "../../history/page-deliveries.ts";
import type { AcceptedEvent } from "../../ingest/accept-events.ts";
import { DeliveryView, presentDelivery, type ShownNow } from "./delivery.ts";
import { listOf, time, timestamp, toNullableTimestamp, toTimestamp, uuid } from "./shared.ts";

/** Words joined by dots, the first of which is not `integration`. */
const OWN_TYPE = /^(?!integration(?:\.|$))[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*$/;
/** The ids that `isUuid` accepts, without flags, which a JSON Schema cannot have. */
const UUID = /^[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[1-8][0-9A-Fa-f]{3}-[89ABab][0-9A-Fa-f]{3}-[0-9A-Fa-f]{12}$/;

/** For the description alone: `domain/read-event.ts` parses the bodies and keeps `data` byte for byte. */
export const EventBody = z
  .strictObject({
    type: z
      .string()
      .max(EVENT_TYPE_LENGTH_MAX)
      .regex(OWN_TYPE)
      .meta({
        description: "Words of letters, digits, `_` and `-` joined by dots. `integration` is OpenSend's own.",
        examples: ["order.paid"],
      }),
    data: z.record(z.string(), z.unknown()).meta({
      description: "A JSON object. Delivered compact, with every number and string exactly as sent.",
      examples: [{ order_id: 42 }],
    }),
    id: z
      .string()
      .regex(UUID)
      .optional()
      .meta({
        description:
          "Your id for the event, a UUID. A repeat with the same id gets the same response as the first request.",
        examples: ["0198c5f2-7c1e-7a54-9d3e-5b1f0c2a7e11"],
      }),
    created_at: time.optional().meta({
      description:
        "When it happened, ISO 8601 with zone; now when left out. From 2000 on, and at most 10 minutes ahead of the server's clock.",
    }),
  })
  .meta({ id: "EventRequest" });

export const EventsBody = z.array(EventBody).min(1).max(EVENTS_PER_BATCH_MAX).meta({ id: "EventsRequest" });

const AcceptedEventView = z
  .object({
    id: uuid,
    type: z.string(),
    created_at: timestamp,
    deliveries: z.int().meta({ description: "Connections the event is delivered to" }),
  })
  .meta({ id: "AcceptedEvent" });

export const AcceptedEventAnswer = z
  .object({ object: z.literal("event"), data: AcceptedEventView })
  .meta({ id: "AcceptedEventAnswer" });
export const AcceptedEventsAnswer = z
  .object({ object: z.literal("list"), data: z.array(AcceptedEventView) })
  .meta({ id: "AcceptedEventsAnswer" });

export function presentAcceptedEvent(event: AcceptedEvent): z.infer<typeof AcceptedEventView> {
  const { id, type, createdAt, deliveries } = event;
  return { id, type, created_at: toTimestamp(createdAt), deliveries };
}

const eventFields = {
  id: uuid,
  type: z.string(),
  created_at: timestamp.meta({ description: "When it happened" }),
  accepted_at: timestamp.meta({ description: "When it was stored" }),
  origin: z.enum(SHOWN_ORIGINS).meta({
    description:
      "`application`: sent to the API; `system`: one of OpenSend's own, such as `integration.paused`; `test`: a test event",
  }),
  idempotency_key: z
    .string()
    .nullable()
    .meta({ description: "The `Idempotency-Key` of the request that sent it; a batch shares one" }),
};

/** An event in the stream: the fields that do not change after it is stored. */
export const EventView = z.object(eventFields).meta({ id: "Event" });

const OutcomesView = z
  .object({
    pending: z.int(),
    delivered: z.int(),
    failed: z.int(),
    cancelled: z.int(),
    is_exact: z.boolean().meta({
      description:
        "False when the event has more deliveries than were counted. At most 10,000 are counted for a page",
    }),
  })
  .meta({ id: "EventOutcomes", description: "Deliveries of an event by status" });

/** Passed through without parsing: a member can have any name. */
const EventData = z.unknown().meta({
  type: ["object", "null"],
  additionalProperties: true,
  description:
    "The JSON object that was sent; null once it has been deleted. JavaScript and other readers round integers beyond 2^53 and some decimals: `data_text` is exact",
});

const EventDataText = z.string().nullable().meta({
  description: "The same as the compact JSON text that is delivered, exact to the byte",
});

const EventListView = z
  .object({
    ...eventFields,
    outcomes: OutcomesView,
    data: EventData.optional(),
    data_text: EventDataText.optional(),
  })
  .meta({ id: "EventListItem", description: "`data` and `data_text` are there with `include=data`" });

const SearchedEventsView = z
  .object({
    until: timestamp.nullable().meta({ description: "Events back to this time were looked at" }),
    rows: z.int().meta({ description: "Events looked at for this page, at most" }),
    complete: z.boolean().meta({ description: "Whether nothing is left to look at" }),
  })
  .meta({ id: "EventSearch" });

export const EventList = listOf("EventList", EventListView)
  .extend({
    searched: SearchedEventsView.nullable().meta({
      description:
        "How far this page looked, where it had to look through events that do not match; else null",
    }),
  })
  .meta({ id: "EventList" });

const NotDeliveredView = z.object({
  code: z.enum(Object.keys(NOT_DELIVERED_REASONS) as [NotDeliveredReason, ...NotDeliveredReason[]]),
  reason: z.string(),
  count: z.int().meta({ description: "Connections that the reason applies to" }),
  connections: z
    .array(z.object({ id: uuid, name: z.string() }))
    .meta({ description: "The first 10 of them" }),
});

const EventDetailView = z
  .object({
    ...eventFields,
    data: EventData,
    data_text: EventDataText,
    payload_deleted: z.boolean(),
    data_erased_at: timestamp
      .nullable()
      .meta({ description: "When the payload was erased; null if it was not" }),
    outcomes: OutcomesView,
    deliveries: z.array(DeliveryView).meta({
      description: "The first 100. `GET /api/deliveries?event_id=` lists all",
    }),
    has_more_deliveries: z.boolean(),
    not_delivered: z.array(NotDeliveredView).meta({
      description: "Connections that did not get it, by reason, as they are now. Empty for a test event",
    }),
    not_delivered_is_complete: z.boolean().meta({
      description:
        "False when the workspace has more than 2,000 such connections: the counts are then too small",
    }),
  })
  .meta({ id: "EventDetail" });

export const EventDetailAnswer = z
  .object({ object: z.literal("event"), data: EventDetailView })
  .meta({ id: "EventDetailAnswer" });

export function presentEvent(event: EventListing): z.infer<typeof EventView> {
  const { id, type, happenedAt, createdAt, origin, idempotencyKey } = event;
  return {
    id,
    type,
    created_at: toTimestamp(happenedAt),
    accepted_at: toTimestamp(createdAt),
    origin,
    idempotency_key: idempotencyKey,
  };
}

export function presentListedEvent(event: ListedEvent): z.infer<typeof EventListView> {
  const { dataJson } = event;
  return {
    ...presentEvent(event),
    outcomes: presentOutcomes(event.outcomes),
    ...(dataJson === undefined ? {} : presentData(dataJson)),
  };
}

export function presentSearchedEvents(searched: Searched | null): z.infer<typeof SearchedEventsView> | null {
  if (searched === null) return null;
  const { until, rows, isComplete } = searched;
  return { until: toNullableTimestamp(until), rows, complete: isComplete };
}

export function presentEventDetail(event: EventDetail, shown: ShownNow): z.infer<typeof EventDetailAnswer> {
  return {
    object: "event",
    data: {
      ...presentEvent(event),
      ...presentData(event.dataJson),
      payload_deleted: event.dataJson === null,
      data_erased_at: toNullableTimestamp(event.dataErasedAt),
      outcomes: presentOutcomes(event.outcomes),
      deliveries: event.deliveries.map((delivery) => presentDelivery(delivery, shown)),
      has_more_deliveries: event.hasMoreDeliveries,
      ...presentNotDelivered(event.notDelivered),
    },
  };
}

function presentData(dataJson: string | null) {
  return { data: dataJson === null ? null : (JSON.parse(dataJson) as unknown), data_text: dataJson };
}

function presentOutcomes({ isExact, ...counts }: Outcomes): z.infer<typeof OutcomesView> {
  return { ...counts, is_exact: isExact };
}

function presentNotDelivered({ groups, isComplete }: NotDelivered) {
  return {
    not_delivered: groups.map((group) => ({ ...group, connections: [...group.connections] })),
    not_delivered_is_complete: isComplete,
  };
}
