import type { Capacity } from "./capacity.ts";
import type { ConnectionQueue, ConnectionQueues } from "./connection-queue.ts";
import type { DueDelivery } from "./due-delivery.ts";
import type { OpenedConnection } from "./opened-connections.ts";
import type { Route } from "./routing.ts";

/** Room in this process's buffer of a connection, for a delivery that is about to be committed. */
export type Reservation = {
  readonly deliveryId: string;
  readonly connection: OpenedConnection;
  readonly payloadBytes: number;
  /** How often the connection had been changed by then. */
  readonly recalls: number;
};

/** A committed delivery, in this process's hands from the start. */
export type Handed = { readonly reservation: Reservation; readonly delivery: DueDelivery };

/**
 * Gives deliveries to the worker of the same process as they are accepted, without reading them back. That is right where
 * the worker is caught up: it holds everything that is due of the connection.
 */
export type Handover = {
  /** Null where the delivery must go through the queue. */
  readonly reserve: (route: Route, deliveryId: string, payloadBytes: number) => Reservation | null;
  /** For deliveries that were not committed after all. */
  readonly release: (reservations: readonly Reservation[]) => void;
  /** To be called after the commit. */
  readonly takeIn: (handed: readonly Handed[]) => void;
};

/** What a reservation needs of whoever sends. */
type Sender = {
  /** Whether this process may send at all. */
  readonly mayReserve: () => boolean;
  readonly settle: (queue: ConnectionQueue) => void;
  readonly drop: (queue: ConnectionQueue, deliveries: readonly DueDelivery[]) => void;
  readonly pump: (queue: ConnectionQueue) => void;
  readonly later: (work: () => void) => void;
};

/** Reserves room in the buffers of connections while events are being committed. */
export class Reservations implements Handover {
  readonly #queues: ConnectionQueues;
  readonly #capacity: Capacity;
  readonly #sender: Sender;

  constructor(queues: ConnectionQueues, capacity: Capacity, sender: Sender) {
    this.#queues = queues;
    this.#capacity = capacity;
    this.#sender = sender;
  }

  reserve(route: Route, deliveryId: string, payloadBytes: number): Reservation | null {
    const queue = this.#queues.get(route.connectionId);
    if (queue === undefined || queue.connection === null) return null;
    if (!route.isConnected || !this.#sender.mayReserve() || !queue.mayReserve(route.connectionVersion))
      return null;
    const { workspaceId } = queue.connection;
    if (this.#capacity.freeBytes(workspaceId) < payloadBytes) return null;
    this.#capacity.hold(workspaceId, payloadBytes);
    // From before the commit: whoever reads the queue then finds it pending, and must not take it as well.
    queue.hold(deliveryId);
    return { deliveryId, connection: queue.connection, payloadBytes, recalls: queue.recalls };
  }

  release(reservations: readonly Reservation[]): void {
    for (const { deliveryId, connection, payloadBytes } of reservations) {
      const queue = this.#queueOf(connection);
      queue.letGo(deliveryId);
      this.#capacity.release(connection.workspaceId, payloadBytes);
      this.#sender.settle(queue);
    }
  }

  takeIn(handed: readonly Handed[]): void {
    if (handed.length > 0) this.#sender.later(() => this.#takeIn(handed));
  }

  #takeIn(handed: readonly Handed[]): void {
    const { drop, pump, mayReserve } = this.#sender;
    for (const [queue, own] of Map.groupBy(handed, ({ reservation }) =>
      this.#queueOf(reservation.connection),
    )) {
      // Of a connection that was changed meanwhile nothing is sent as the connection was before.
      const isStale = ({ reservation }: Handed) => !mayReserve() || queue.recalls !== reservation.recalls;
      const stale = own.filter(isStale);
      for (const one of own) if (!isStale(one)) queue.waiting.push(one.delivery);
      drop(
        queue,
        stale.map(({ delivery }) => delivery),
      );
      pump(queue);
    }
  }

  /** A queue that something is held of is not forgotten, so it is still there. */
  #queueOf({ id }: OpenedConnection): ConnectionQueue {
    return this.#queues.of(id);
  }
}
