import { z } from "zod";
import type { EventDetail, EventListing } from "../../history/read-events.ts";
import type { AcceptedEvent } from "../../ingest/accept-events.ts";
import { DeliveryView, presentDelivery } from "./delivery.ts";
import { timestamp, toTimestamp, uuid } from "./shared.ts";

/** For the description alone: the bodies are read by `domain/read-event.ts`, which keeps `data` to the byte. */
const NewEventBody = z.strictObject({
  type: z
    .string()
    .max(255)
    .meta({
      description: "Words of letters, digits, `_` and `-` joined by dots. `integration` is OpenSend's own.",
      examples: ["order.paid"],
    }),
  data: z.record(z.string(), z.unknown()).meta({
    description: "A JSON object. Delivered compact, with every number and string exactly as sent.",
    examples: [{ order_id: 42 }],
  }),
  id: uuid
    .optional()
    .meta({ description: "Your id for the event. Sent again, it is answered as the first time." }),
  created_at: z
    .string()
    .optional()
    .meta({ description: "When it happened, ISO 8601 with zone; now when left out." }),
});

export const EventBody = NewEventBody.meta({ id: "EventRequest" });
export const EventsBody = z.array(NewEventBody).min(1).max(1000).meta({ id: "EventsRequest" });

const AcceptedEventView = z
  .object({
    id: uuid,
    type: z.string(),
    created_at: timestamp,
    deliveries: z.int().meta({ description: "Connections it is delivered to" }),
  })
  .meta({ id: "AcceptedEvent" });

export const EventAnswer = z.object({ object: z.literal("event"), data: AcceptedEventView });
export const EventsAnswer = z.object({ object: z.literal("list"), data: z.array(AcceptedEventView) });

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

export const EventDetailAnswer = z
  .object({
    object: z.literal("event"),
    data: z.object({
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
    }),
  })
  .meta({ id: "EventDetailAnswer" });

export function presentEvent(event: EventListing): z.infer<typeof EventView> {
  const { id, type, happenedAt, createdAt } = event;
  return { id, type, created_at: toTimestamp(happenedAt), accepted_at: toTimestamp(createdAt) };
}

export function presentEventDetail(event: EventDetail): z.infer<typeof EventDetailAnswer> {
  const not_delivered = event.notDelivered.map(({ connectionId, name, reason }) => ({
    connection_id: connectionId,
    connection_name: name,
    reason,
  }));
  const deliveries = event.deliveries.map(presentDelivery);
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
