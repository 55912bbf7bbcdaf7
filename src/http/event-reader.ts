import { type Identity, isConfined } from "../auth/identity.ts";
import { OpenSendError } from "../domain/errors.ts";
import { createEventFilter, isOperationalType } from "../domain/event-filter.ts";
import { intersectPatterns } from "../domain/event-type-limits.ts";
import type { Outcomes } from "../history/count-outcomes.ts";
import type { EventFilter } from "../history/event-walk.ts";
import { type EventDetail, eventNotFound } from "../history/get-event.ts";

/**
 * The event types a caller may read. A key limited to its own connections reads the applications' events of its allowed
 * types, and nothing about deliveries; OpenSend's own events and tests would reveal other connections.
 */
export function readableTypes(
  caller: Identity,
  requested: readonly string[] | null,
): readonly string[] | null {
  if (caller.kind === "user" || caller.eventTypes === null) return requested;
  return requested === null ? caller.eventTypes : intersectPatterns(caller.eventTypes, requested);
}

export function mayReadType(caller: Identity, type: string): boolean {
  if (!isConfined(caller)) return true;
  return (
    !isOperationalType(type) && (caller.eventTypes === null || createEventFilter(caller.eventTypes)(type))
  );
}

/**
 * The part of a filter that the caller may read; its list of types can end up empty.
 *
 * @throws {OpenSendError} `forbidden` for a filter by something the caller may not see.
 */
export function readableEvents(caller: Identity, filter: EventFilter): EventFilter {
  if (!isConfined(caller)) return filter;
  const isOfOthers = filter.origin !== null && filter.origin !== "application";
  if (filter.hasFailed !== null || isOfOthers) {
    throw new OpenSendError(
      "forbidden",
      "This key reads the events of applications, and not how they were delivered. Leave out has_failed, and any origin but application.",
    );
  }
  return { ...filter, origin: "application", types: readableTypes(caller, filter.types) };
}

const NOT_COUNTED: Outcomes = { pending: 0, delivered: 0, failed: 0, cancelled: 0, isExact: false };

/** Removes delivery outcomes from an event if the caller may not see the connections. */
export function withoutOthers<Event extends { readonly outcomes: Outcomes }>(
  caller: Identity,
  event: Event,
): Event {
  return isConfined(caller) ? { ...event, outcomes: NOT_COUNTED } : event;
}

/** @throws {OpenSendError} `not_found` for an event that the caller may not read. */
export function asReadBy(caller: Identity, event: EventDetail): EventDetail {
  if (!isConfined(caller)) return event;
  if (event.origin !== "application" || !mayReadType(caller, event.type)) throw eventNotFound();
  return {
    ...withoutOthers(caller, event),
    deliveries: [],
    hasMoreDeliveries: false,
    notDelivered: { groups: [], isComplete: false },
  };
}
