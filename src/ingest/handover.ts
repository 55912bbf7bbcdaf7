import type { EventRoute } from "./event-routes.ts";
import type { StoredEvent } from "./event-rows.ts";

/** Room in this process's buffer of a connection, for a delivery that is about to be committed. Only its maker reads it. */
export type Reservation = { readonly deliveryId: string };

/** A committed delivery, in this process's hands from the start. */
export type Handed = { readonly reservation: Reservation; readonly event: StoredEvent };

/**
 * Gives deliveries to the part that sends in the same process as they are accepted, without reading them back. That is right where
 * the sender is caught up: it holds everything that is due of the connection.
 */
export type Handover = {
  /** Null where the delivery must go through the queue. */
  readonly reserve: (route: EventRoute, deliveryId: string, payloadBytes: number) => Reservation | null;
  /** For deliveries that were not committed after all. */
  readonly release: (reservations: readonly Reservation[]) => void;
  /** To be called after the commit. */
  readonly takeIn: (handed: readonly Handed[]) => void;
};
