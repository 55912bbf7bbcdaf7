import { FairQueue } from "../domain/fair-queue.ts";
import type { Capacity } from "./capacity.ts";
import type { ConnectionQueue } from "./connection-queue.ts";

/** Of those that wait for a place, so many that get none are looked at a time. */
const LOOKS_MAX = 8;

/** Queues with something to send for which there was no place, by workspace. */
export class CrowdedOut {
  readonly #waiting = new FairQueue<ConnectionQueue>();
  readonly #capacity: Capacity;

  constructor(capacity: Capacity) {
    this.#capacity = capacity;
  }

  add(workspaceId: string, queue: ConnectionQueue): void {
    this.#waiting.add(workspaceId, queue);
  }

  /** Gives places that became free to those who wait for one, by workspaces in turn; each that gets none waits on. */
  pump(send: (queue: ConnectionQueue) => void): void {
    const hasPlace = (_queue: ConnectionQueue, workspaceId: string) =>
      this.#capacity.freePlaces(workspaceId) > 0;
    for (let looks = LOOKS_MAX; looks > 0; ) {
      const other = this.#waiting.takeFirst(hasPlace);
      if (other === null) return;
      const before = this.#capacity.inFlight;
      send(other);
      if (this.#capacity.inFlight === before) looks--;
    }
  }
}
