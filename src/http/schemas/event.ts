import { z } from "zod";
import { EVENT_TYPE_LENGTH_MAX } from "../../domain/event-type-pattern.ts";
import { EVENTS_A_BATCH_MAX } from "../../domain/read-event.ts";
import type { EventDetail, EventListing } from "../../history/read-events.ts";
import type { AcceptedEvent } from "../../ingest/accept-events.ts";
import { DeliveryView, presentDelivery, type ShownNow } from "./delivery.ts";
import { listOf, time, timestamp, toTimestamp, uuid } from "./shared.ts";

/** Words joined by dots, of which `integration` is not the first. */
const OWN_TYPE = /^(?!integration(?:\.|$))[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*$/;
/** What `isUuid` takes; the letters that a flag would add to the source are not in a JSON Schema. */
const UUID = /^[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[1-8][0-9A-Fa-f]{3}-[89ABab][0-9A-Fa-f]{3}-[0-9A-Fa-f]{12}$/;

/** For the description alone: the bodies are read by `domain/read-event.ts`, which keeps `data` to the byte. */
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
        description: "Your id for the event, a UUID. Sent again, it is answered as the first time.",
        examples: ["0198c5f2-7c1e-7a54-9d3e-5b1f0c2a7e11"],
      }),
    created_at: time.optional().meta({
      description:
        "When it happened, ISO 8601 with zone; now when left out. From 2000 on, and at most 10 minutes ahead of the server's clock.",
    }),
  })
  .meta({ id: "EventRequest" });

export const EventsBody = z.array(EventBody).min(1).max(EVENTS_A_BATCH_MAX).meta({ id: "EventsRequest" });

const AcceptedEventView = z
  .object({
    id: uuid,
    type: z.string(),
    created_at: timestamp,
    deliveries: z.int().meta({ description: "Connections it is delivered to" }),
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
};

export const EventView = z.object(eventFields).meta({ id: "Event" });

export const EventList = listOf("EventList", EventView);

const EventDetailView = z
  .object({
    ...eventFields,
    data: z.string().nullable().meta({
      description:
        "The exact value as compact JSON text, big integers included; null once it has been deleted",
    }),
    payload_deleted: z.boolean(),
    deliveries: z.array(DeliveryView),
    not_delivered: z
      .array(z.object({ connection_id: uuid, connection_name: z.string(), reason: z.string() }))
      .meta({ description: "Connections that did not get it, and why" }),
  })
  .meta({ id: "EventDetail" });

export const EventDetailAnswer = z
  .object({ object: z.literal("event"), data: EventDetailView })
  .meta({ id: "EventDetailAnswer" });

export function presentEvent(event: EventListing): z.infer<typeof EventView> {
  const { id, type, happenedAt, createdAt } = event;
  return { id, type, created_at: toTimestamp(happenedAt), accepted_at: toTimestamp(createdAt) };
}

export function presentEventDetail(event: EventDetail, shown: ShownNow): z.infer<typeof EventDetailAnswer> {
  const not_delivered = event.notDelivered.map(({ connectionId, name, reason }) => ({
    connection_id: connectionId,
    connection_name: name,
    reason,
  }));
  const deliveries = event.deliveries.map((delivery) => presentDelivery(delivery, shown));
  return {
    object: "event",
    data: {
      ...presentEvent(event),
      data: event.dataJson,
      payload_deleted: event.dataJson === null,
      deliveries,
      not_delivered,
    },
  };
}
