import type { ConnectionStatus } from "./connection.ts";
import type { EventOrigin } from "./event.ts";
import { createEventFilter, createSystemEventFilter } from "./event-filter.ts";

/** Reasons why an event was not delivered to a connection, with a sentence for each. */
export const NOT_DELIVERED_REASONS = {
  event_type: "The connection's event types do not include this type.",
  system_event:
    "OpenSend's own events are delivered only to connections that name the type or `integration.*`.",
  about_itself: "The event is about this connection itself.",
  created_later: "The connection was created after this event.",
  changed_later: "The connection was reconnected or its event types were changed after this event.",
  disconnected: "The connection is disconnected.",
} as const;

export type NotDeliveredReason = keyof typeof NOT_DELIVERED_REASONS;

export type UndeliveredEvent = {
  readonly type: string;
  readonly origin: EventOrigin;
  readonly acceptedAt: number;
  /**
   * Id of the connection that one of OpenSend's own events is about; null when there is none or it is no longer known.
   */
  readonly aboutConnectionId: string | null;
};

type MissedConnection = {
  readonly id: string;
  readonly status: ConnectionStatus;
  readonly createdAt: number;
  /** JSON as stored. */
  readonly eventTypes: string;
};

/**
 * Finds out why connections did not get an event, from their current state. Patterns that many connections share are
 * parsed once.
 */
export function createNotDelivered(
  event: UndeliveredEvent,
): (connection: MissedConnection) => NotDeliveredReason {
  const wanted = new Map<string, boolean>();
  const wants = (eventTypes: string) => {
    const known = wanted.get(eventTypes);
    if (known !== undefined) return known;
    const filter = event.origin === "system" ? createSystemEventFilter : createEventFilter;
    const isWanted = filter(JSON.parse(eventTypes) as string[])(event.type);
    wanted.set(eventTypes, isWanted);
    return isWanted;
  };
  return ({ id, status, createdAt, eventTypes }) => {
    if (createdAt > event.acceptedAt) return "created_later";
    if (status === "disconnected") return "disconnected";
    if (!wants(eventTypes)) return event.origin === "system" ? "system_event" : "event_type";
    return id === event.aboutConnectionId ? "about_itself" : "changed_later";
  };
}
