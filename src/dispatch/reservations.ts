import type { EventRoute } from "../ingest/event-routes.ts";
import type { StoredEvent } from "../ingest/event-rows.ts";
import type { HandedOver, Handover, Reservation } from "../ingest/handover.ts";
import type { Capacity } from "./capacity.ts";
import type { ConnectionQueue, ConnectionQueues } from "./connection-queue.ts";
import type { DueDelivery } from "./due-delivery.ts";
import type { OpenedConnection } from "./opened-connections.ts";

type Reserved = Reservation & {
  readonly connection: OpenedConnection;
  readonly payloadBytes: number;
  /** How often the connection had been changed when the reservation was granted. */
  readonly recalls: number;
};

/** The functions of the dispatcher that a reservation needs. */
type DispatcherHooks = {
  /** Whether this process can send at all. */
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
  readonly #hooks: DispatcherHooks;
  readonly #reserved = new Map<Reservation, Reserved>();

  constructor(queues: ConnectionQueues, capacity: Capacity, hooks: DispatcherHooks) {
    this.#queues = queues;
    this.#capacity = capacity;
    this.#hooks = hooks;
  }

  reserve(route: EventRoute, deliveryId: string, payloadBytes: number): Reservation | null {
    const queue = this.#queues.get(route.connectionId);
    if (queue === undefined || queue.connection === null) return null;
    if (!route.isConnected || !this.#hooks.mayReserve() || !queue.mayReserve(route.connectionVersion))
      return null;
    const { workspaceId } = queue.connection;
    if (this.#capacity.freeBytes(workspaceId) < payloadBytes) return null;
    this.#capacity.buffer(workspaceId, payloadBytes);
    // Recorded before the commit: a read after the commit finds the delivery pending, and must not take it as well.
    queue.buffer(deliveryId);
    const { connection, recalls } = queue;
    const reservation = { deliveryId };
    this.#reserved.set(reservation, { deliveryId, connection, payloadBytes, recalls });
    return reservation;
  }

  release(reservations: readonly Reservation[]): void {
    for (const reservation of reservations) {
      const { deliveryId, connection, payloadBytes } = this.#end(reservation);
      const queue = this.#queueOf(connection);
      queue.release(deliveryId);
      this.#capacity.release(connection.workspaceId, payloadBytes);
      this.#hooks.settle(queue);
    }
  }

  receive(handedOver: readonly HandedOver[]): void {
    if (handedOver.length > 0) this.#hooks.later(() => this.#receive(handedOver));
  }

  #receive(handedOver: readonly HandedOver[]): void {
    const { drop, pump, mayReserve } = this.#hooks;
    const all = handedOver.map(({ reservation, event }) => ({ reserved: this.#end(reservation), event }));
    for (const [queue, own] of Map.groupBy(all, ({ reserved }) => this.#queueOf(reserved.connection))) {
      const stale: DueDelivery[] = [];
      for (const { reserved, event } of own) {
        // A delivery of a connection that was changed meanwhile must not be sent with the old settings.
        const isStale = !mayReserve() || queue.recalls !== reserved.recalls;
        (isStale ? stale : queue.waiting).push(toDue(reserved, event));
      }
      drop(queue, stale);
      pump(queue);
    }
  }

  #end(reservation: Reservation): Reserved {
    const reserved = this.#reserved.get(reservation);
    if (reserved === undefined) throw new Error("a reservation ended twice");
    this.#reserved.delete(reservation);
    return reserved;
  }

  /** A queue with a buffered delivery is not forgotten, so it still exists. */
  #queueOf({ id }: OpenedConnection): ConnectionQueue {
    return this.#queues.of(id);
  }
}

function toDue({ deliveryId, connection, payloadBytes }: Reserved, stored: StoredEvent): DueDelivery {
  const { id, type, createdAt, acceptedAt, dataJson, origin, traceContext } = stored;
  return {
    id: deliveryId,
    connection,
    trigger: "schedule",
    attemptNumber: 1,
    dueAt: acceptedAt,
    replayId: null,
    payloadBytes,
    rateUsedUntil: null,
    event: { id, type, createdAt, acceptedAt, dataJson, origin, traceContext },
  };
}
