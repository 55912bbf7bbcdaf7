import { newId } from "../db/new-id.ts";
import type { OpenSendError } from "../domain/errors.ts";
import type { NewEvent } from "../domain/read-event.ts";
import { keyReused } from "../idempotency/refusals.ts";
import { isSameRequest } from "../idempotency/request-digest.ts";
import { nameOf, type StoredResponse } from "../idempotency/stored-responses.ts";
import type { Accepted, AcceptedEvent, AcceptRequest } from "./accept-events.ts";
import type { EventRoute } from "./event-routes.ts";
import type { StoredEvent } from "./event-rows.ts";
import type { HandedOver, Handover, Reservation } from "./handover.ts";
import type { KnownEvents } from "./known-events.ts";

/** An event with the id it is stored under, chosen by its sender or generated. */
export type IdentifiedEvent = NewEvent & {
  readonly id: string;
  readonly isIdGiven: boolean;
  readonly dataBytes: number;
};

export type AcceptItem = Omit<AcceptRequest, "events"> & {
  readonly events: readonly IdentifiedEvent[];
  readonly bytes: number;
  /** Generated ids are looked up too: an earlier commit of this item may have succeeded. */
  readonly looksUpAll: boolean;
};

/** `contested` when another transaction wrote the same key or id meanwhile: trying again finds the result. */
export type AcceptOutcome =
  | {
      readonly kind: "accepted";
      readonly accepted: Accepted;
      /** Connections whose worker must read the deliveries from the queue. */
      readonly connectionIds: readonly string[];
      readonly deliveryIds: readonly string[];
    }
  | { readonly kind: "refused"; readonly error: OpenSendError }
  | { readonly kind: "contested" };

/** The decision about an item, before anything is written. */
export type Plan = {
  readonly item: AcceptItem;
  outcome: AcceptOutcome;
  /** Its events that are not stored yet, with their deliveries. */
  readonly added: readonly AddedEvent[];
  readonly storedResponse: StoredResponse | null;
};

export type AddedEvent = {
  readonly stored: StoredEvent;
  /** Whether its id may be taken: it came from a sender, or an earlier commit may have succeeded. */
  readonly mayClash: boolean;
  readonly deliveries: readonly AddedDelivery[];
};

type AddedDelivery = {
  readonly id: string;
  readonly connectionId: string;
  /** Set if this process can send it directly. */
  readonly reservation: Reservation | null;
};

/** Decides about an item, given what is stored and what the items before it add. */
export function planItem(
  item: AcceptItem,
  storedResponses: ReadonlyMap<string, StoredResponse>,
  known: KnownEvents,
  addEvent: (event: IdentifiedEvent) => AddedEvent,
): Plan {
  const { workspaceId, idempotency } = item;
  const nothing = { item, added: [], storedResponse: null };
  const earlier =
    idempotency === null ? undefined : storedResponses.get(nameOf({ workspaceId, key: idempotency.key }));
  if (idempotency !== null && earlier !== undefined) {
    if (!isSameRequest(earlier, idempotency)) {
      return { ...nothing, outcome: { kind: "refused", error: keyReused() } };
    }
    const events = JSON.parse(earlier.response) as AcceptedEvent[];
    // Stored by an earlier commit of the same item.
    const isOwn = events[0]?.id === item.events[0]?.id && item.events[0]?.isIdGiven === false;
    return { ...nothing, outcome: accepted({ events, replayed: !isOwn }) };
  }
  const refusal = known.findConflict(item);
  if (refusal !== null) return { ...nothing, outcome: { kind: "refused", error: refusal } };
  const added: AddedEvent[] = [];
  const events = item.events.map((event): AcceptedEvent => {
    const before = known.find(workspaceId, event.id);
    if (before !== undefined) return before.accepted;
    const one = addEvent(event);
    added.push(one);
    return {
      id: event.id,
      type: event.type,
      createdAt: one.stored.createdAt,
      deliveries: one.deliveries.length,
    };
  });
  const replayed = added.length === 0 && item.events.every(({ isIdGiven }) => isIdGiven);
  const deliveries = added.flatMap((one) => one.deliveries);
  return {
    item,
    added,
    storedResponse:
      idempotency === null ? null : { workspaceId, ...idempotency, response: JSON.stringify(events) },
    outcome: {
      ...accepted({ events, replayed }),
      connectionIds: [
        ...new Set(
          deliveries.flatMap(({ connectionId, reservation }) => (reservation === null ? connectionId : [])),
        ),
      ],
      deliveryIds: deliveries.map(({ id }) => id),
    },
  };
}

function accepted(result: Accepted): AcceptOutcome & { kind: "accepted" } {
  return { kind: "accepted", accepted: result, connectionIds: [], deliveryIds: [] };
}

/** Creates the rows of an item's events, with a delivery for each connection that subscribes to them. */
export function eventAdder(
  { workspaceId, traceContext, idempotency, looksUpAll }: AcceptItem,
  routes: readonly EventRoute[],
  handover: Handover,
  now: number,
): (event: IdentifiedEvent) => AddedEvent {
  return ({ id, isIdGiven, type, createdAt, dataJson, dataBytes }) => {
    const stored: StoredEvent = {
      id,
      workspaceId,
      type,
      createdAt: createdAt ?? now,
      dataJson,
      dataBytes,
      acceptedAt: now,
      traceContext,
      origin: "application",
      idempotencyKey: idempotency?.key ?? null,
    };
    const deliveries = routes
      .filter(({ wants }) => wants(type))
      .map((route) => {
        const deliveryId = newId();
        const reservation = handover.reserve(route, deliveryId, dataBytes);
        return { id: deliveryId, connectionId: route.connectionId, reservation };
      });
    return { stored, mayClash: isIdGiven || looksUpAll, deliveries };
  };
}

/** The reservations of a plan, to be released when it is not carried out. */
export function reservationsOf({ added }: Plan): Reservation[] {
  return added.flatMap(({ deliveries }) => deliveries.flatMap(({ reservation }) => reservation ?? []));
}

/** The deliveries that this process can send as soon as the plan is committed. */
export function handOver({ added }: Plan): HandedOver[] {
  return added.flatMap(({ stored, deliveries }) =>
    deliveries.flatMap(({ reservation }) => (reservation === null ? [] : { reservation, event: stored })),
  );
}
