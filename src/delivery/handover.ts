import type { Capacity } from "./capacity.ts";
import type { ClaimedDelivery } from "./claim.ts";
import type { OpenedConnection } from "./opened-connections.ts";
import type { Route } from "./routing.ts";
import type { Share, Shares } from "./share.ts";

/** Room in this process's buffer of a connection, for a delivery that is about to be committed. */
export type Reservation = {
  readonly connection: OpenedConnection;
  readonly payloadBytes: number;
  /** How often the connection had been changed by then. */
  readonly recalls: number;
};

/** A committed delivery, under this process's lease from the start. */
export type Handed = { readonly reservation: Reservation; readonly delivery: ClaimedDelivery };

/**
 * Gives deliveries to the worker of the same process as they are accepted, without writing them as pending and reading
 * them back. That is right where the worker is caught up: it holds everything that is due of the connection.
 */
export type Handover = {
  /** What every delivery that is handed over is stored with. */
  readonly lease: { readonly holder: string; readonly endsAt: (now: number) => number };
  /** Null where the delivery must go through the queue. */
  readonly reserve: (route: Route, payloadBytes: number) => Reservation | null;
  /** For deliveries that were not committed after all. */
  readonly release: (reservations: readonly Reservation[]) => void;
  /** To be called after the commit. */
  readonly takeIn: (handed: readonly Handed[]) => void;
};

type ReservationsDeps = {
  readonly shares: Shares;
  readonly capacity: Capacity;
  readonly lease: Handover["lease"];
  /** Whether this process may send at all. */
  readonly mayReserve: () => boolean;
  readonly settle: (share: Share) => void;
  readonly giveBack: (share: Share, deliveries: readonly ClaimedDelivery[]) => void;
  readonly pump: (share: Share) => void;
  readonly later: (work: () => void) => void;
};

/** Reserves room in the buffers of connections while events are being committed. */
export class Reservations implements Handover {
  readonly lease: Handover["lease"];
  readonly #deps: ReservationsDeps;

  constructor(deps: ReservationsDeps) {
    this.#deps = deps;
    this.lease = deps.lease;
  }

  reserve({ connectionId, connectionVersion, isConnected }: Route, payloadBytes: number): Reservation | null {
    const { shares, capacity, mayReserve } = this.#deps;
    const share = shares.get(connectionId);
    if (share === undefined || share.connection === null) return null;
    if (!isConnected || !mayReserve() || !share.mayReserve(connectionVersion)) return null;
    const { workspaceId } = share.connection;
    if (capacity.freeBytes(workspaceId) < payloadBytes) return null;
    capacity.hold(workspaceId, payloadBytes);
    share.reserved++;
    return { connection: share.connection, payloadBytes, recalls: share.recalls };
  }

  release(reservations: readonly Reservation[]): void {
    for (const reservation of reservations) {
      const share = this.#end(reservation);
      this.#deps.capacity.release(reservation.connection.workspaceId, reservation.payloadBytes);
      this.#deps.settle(share);
    }
  }

  takeIn(handed: readonly Handed[]): void {
    if (handed.length > 0) this.#deps.later(() => this.#takeIn(handed));
  }

  #takeIn(handed: readonly Handed[]): void {
    const { giveBack, pump, mayReserve } = this.#deps;
    for (const [share, own] of Map.groupBy(handed, ({ reservation }) => this.#end(reservation))) {
      // Of a connection that was changed meanwhile nothing is sent as the connection was before.
      const isStale = ({ reservation }: Handed) => !mayReserve() || share.recalls !== reservation.recalls;
      const stale = own.filter(isStale);
      for (const one of own) if (!isStale(one)) share.waiting.push(one.delivery);
      giveBack(
        share,
        stale.map(({ delivery }) => delivery),
      );
      pump(share);
    }
  }

  /** A share with reservations counts as not empty, and so is still there. */
  #end({ connection }: Reservation): Share {
    const share = this.#deps.shares.of(connection.id);
    share.reserved--;
    return share;
  }
}
