import type { Database, Dialect } from "../db/open.ts";
import type { Transact } from "../db/transactor.ts";
import { bringForward } from "./bring-forward.ts";
import { cancelIfDisconnected } from "./cancel.ts";
import { type DisconnectedConnection, type DueConnection, readDueConnections } from "./due-connections.ts";

/** Queues per poll; the next poll continues where this one stopped. */
const QUEUES_PER_POLL_MAX = 1000;

type PollDeps = {
  readonly store: { readonly db: Database; readonly dialect: Dialect; readonly transact: Transact };
  readonly owns: (connectionId: string) => boolean;
  readonly now: () => number;
  /** Called after a commit that changed more of a workspace than can be listed. */
  readonly publishManyChanges: (workspaceId: string) => void;
};

export type Polled = {
  /** Connections of this process with pending deliveries, and when these can leave. */
  readonly connections: readonly DueConnection[];
  readonly isEnd: boolean;
};

/** Polls all queues, a part at a time: wake-ups between processes are only hints, the poll finds everything. */
export class QueuePoll {
  readonly #deps: PollDeps;
  #from: string | null = null;

  constructor(deps: PollDeps) {
    this.#deps = deps;
  }

  restart(): void {
    this.#from = null;
  }

  async next(): Promise<Polled> {
    const { store, owns, now } = this.#deps;
    const time = now();
    const { connections, disconnected, tooFarAhead, next } = await readDueConnections(
      store.db,
      this.#from,
      QUEUES_PER_POLL_MAX,
      time,
    );
    this.#from = next;
    await bringForward(store.db, tooFarAhead, time);
    await this.#cancelAll(disconnected.filter(({ connectionId }) => owns(connectionId)));
    return {
      connections: connections.filter(({ connectionId }) => owns(connectionId)),
      isEnd: next === null,
    };
  }

  /** Cancels deliveries that were accepted or retried just when their connection was disconnected. */
  async #cancelAll(disconnected: readonly DisconnectedConnection[]): Promise<void> {
    const { store, now, publishManyChanges } = this.#deps;
    for (const { connectionId, workspaceId } of disconnected) {
      const isCancelled = await store.transact((trx) =>
        cancelIfDisconnected(store.dialect, trx, connectionId, now()),
      );
      if (isCancelled) publishManyChanges(workspaceId);
    }
  }
}
