import type { Capacity } from "./capacity.ts";
import type { ClaimedDelivery } from "./claim.ts";
import type { OpenedConnection } from "./opened-connections.ts";
import type { Route } from "./routing.ts";
import type { Share, Shares } from "./share.ts";

/** A place in this process's queue of a connection, kept for a delivery that is about to be committed. */
export type Place = {
  readonly connection: OpenedConnection;
  readonly payloadBytes: number;
  /** How often the connection had been changed when the place was kept. */
  readonly recalls: number;
};

/** A committed delivery, under this process's lease from the start. */
export type Handed = { readonly place: Place; readonly delivery: ClaimedDelivery };

/**
 * Gives deliveries to the worker of the same process as they are accepted, without writing them as pending and reading
 * them back. That is right where the worker is caught up: it holds everything that is due of the connection.
 */
export type Handover = {
  /** What every delivery that is handed over is stored with. */
  readonly lease: { readonly holder: string; readonly endsAt: (now: number) => number };
  /** Null where the delivery must go through the queue. */
  readonly keepPlace: (route: Route, payloadBytes: number) => Place | null;
  /** For deliveries that were not committed after all. */
  readonly giveUp: (places: readonly Place[]) => void;
  readonly takeIn: (handed: readonly Handed[]) => void;
};

type PlacesDeps = {
  readonly shares: Shares;
  readonly capacity: Capacity;
  readonly lease: Handover["lease"];
  /** Whether this process may send at all. */
  readonly mayTakeOver: () => boolean;
  readonly settle: (share: Share) => void;
  readonly giveBack: (share: Share, deliveries: readonly ClaimedDelivery[]) => void;
  readonly pump: (share: Share) => void;
  readonly later: (work: () => void) => void;
};

/** The places that are kept for deliveries while their events are being committed. */
export class Places implements Handover {
  readonly lease: Handover["lease"];
  readonly #deps: PlacesDeps;

  constructor(deps: PlacesDeps) {
    this.#deps = deps;
    this.lease = deps.lease;
  }

  keepPlace({ connectionId, connectionVersion, isConnected }: Route, payloadBytes: number): Place | null {
    const { shares, capacity, mayTakeOver } = this.#deps;
    const share = shares.get(connectionId);
    if (share === undefined || share.connection === null) return null;
    if (!isConnected || !mayTakeOver() || !share.mayTakeOver(connectionVersion)) return null;
    const { workspaceId } = share.connection;
    if (capacity.freeBytes(workspaceId) < payloadBytes) return null;
    capacity.hold(workspaceId, payloadBytes);
    share.kept++;
    return { connection: share.connection, payloadBytes, recalls: share.recalls };
  }

  giveUp(places: readonly Place[]): void {
    for (const place of places) {
      const share = this.#end(place);
      this.#deps.capacity.release(place.connection.workspaceId, place.payloadBytes);
      this.#deps.settle(share);
    }
  }

  takeIn(handed: readonly Handed[]): void {
    if (handed.length > 0) this.#deps.later(() => this.#takeIn(handed));
  }

  #takeIn(handed: readonly Handed[]): void {
    const { giveBack, pump, mayTakeOver } = this.#deps;
    for (const [share, own] of Map.groupBy(handed, ({ place }) => this.#end(place))) {
      // Of a connection that was changed meanwhile nothing leaves as it stood before.
      const [fresh, stale] = [true, false].map((isFresh) =>
        own.filter(({ place }) => isFresh === (mayTakeOver() && share.recalls === place.recalls)),
      );
      share.waiting.push(...(fresh ?? []).map(({ delivery }) => delivery));
      giveBack(
        share,
        (stale ?? []).map(({ delivery }) => delivery),
      );
      pump(share);
    }
  }

  /** A share with places kept is not forgotten. */
  #end({ connection }: Place): Share {
    const share = this.#deps.shares.of(connection.id);
    share.kept--;
    return share;
  }
}
