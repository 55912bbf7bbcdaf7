import type { EventRoute } from "./event-routes.ts";
import type { StoredEvent } from "./event-rows.ts";

/**
 * Room in this process's buffer of a connection, for a delivery that is about to be committed. Only the handover reads
 * it.
 */
export type Reservation = { readonly deliveryId: string };

/** A committed delivery, reserved by this process before the commit. */
export type HandedOver = { readonly reservation: Reservation; readonly event: StoredEvent };

/**
 * Passes accepted deliveries directly to the dispatcher in the same process, without reading them back. This is correct
 * if the dispatcher is caught up, with every due delivery of the connection in memory.
 */
export type Handover = {
  /** Null if the delivery must go through the queue. */
  readonly reserve: (route: EventRoute, deliveryId: string, payloadBytes: number) => Reservation | null;
  /** For deliveries that were not committed after all. */
  readonly release: (reservations: readonly Reservation[]) => void;
  /** Call after the commit. */
  readonly receive: (handedOver: readonly HandedOver[]) => void;
};
