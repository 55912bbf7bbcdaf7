import { FairQueue } from "../domain/fair-queue.ts";
import type { Capacity } from "./capacity.ts";
import type { ConnectionQueue } from "./connection-queue.ts";

/** How many queues that get no slot are tried at a time. */
const LOOKS_MAX = 8;

/** Queues with deliveries to send but no free slot, by workspace. */
export class WaitingQueues {
  readonly #waiting = new FairQueue<ConnectionQueue>();
  readonly #capacity: Capacity;

  constructor(capacity: Capacity) {
    this.#capacity = capacity;
  }

  add(workspaceId: string, queue: ConnectionQueue): void {
    this.#waiting.add(workspaceId, queue);
  }

  /** Gives free slots to waiting queues, taking workspaces in turn. A queue that gets none keeps waiting. */
  pump(send: (queue: ConnectionQueue) => void): void {
    const hasSlot = (_queue: ConnectionQueue, workspaceId: string) =>
      this.#capacity.freeSlots(workspaceId) > 0;
    for (let looks = LOOKS_MAX; looks > 0; ) {
      const other = this.#waiting.takeFirst(hasSlot);
      if (other === null) return;
      const before = this.#capacity.inFlight;
      send(other);
      if (this.#capacity.inFlight === before) looks--;
    }
  }
}
