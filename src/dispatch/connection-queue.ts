import type { DueDelivery } from "./due-delivery.ts";
import type { OpenedConnection } from "./opened-connections.ts";

/** Caught-up connections that are remembered. */
const CAUGHT_UP_MAX = 1000;
/** Most deliveries buffered or in flight for one connection. */
const WINDOW_MAX = 256;
/** How far reads run ahead of sending: enough that a read does not interrupt sending, little enough to drop easily. */
const READ_AHEAD_MS = 500;

/**
 * The deliveries of one connection that this process has buffered, in order: waiting for a slot, in flight, or being
 * recorded. They are still pending in the database, so only their ids distinguish them from the others. How many are
 * read at a time depends on how fast the receiver took the last ones.
 */
export class ConnectionQueue {
  readonly connectionId: string;
  connection: OpenedConnection | null = null;
  readonly waiting: DueDelivery[] = [];
  /** Requests in flight. */
  inFlight = 0;
  /** Finished requests whose recorded result decides whether and when the next one can leave. */
  readonly awaited = new Set<DueDelivery>();
  /** The last read reached its limit: there may be more. */
  mayHaveMore = false;
  /** Every due delivery of this connection is here, and nothing prevents sending. */
  isCaughtUp = false;
  /** One request at a time: the previous owner ended in the middle of its work, and nothing has been recorded since. */
  isCautious = false;
  /** How often the connection was changed since this queue exists. */
  recalls = 0;
  /** The time until which this process's requests use up the connection's rate, epoch milliseconds. */
  rateUsedUntil = 0;
  readonly #buffered = new Set<string>();
  #window: number | null = null;
  #endedSinceRead = 0;
  #readAt = 0;

  constructor(connectionId: string) {
    this.connectionId = connectionId;
  }

  /** Ids of all deliveries in this queue, including those being committed for a handover. */
  get buffered(): ReadonlySet<string> {
    return this.#buffered;
  }

  buffer(id: string): void {
    this.#buffered.add(id);
  }

  release(id: string): void {
    this.#buffered.delete(id);
  }

  get isEmpty(): boolean {
    return this.#buffered.size === 0;
  }

  /**
   * Whether a delivery that is being accepted can enter this queue directly. Strict order and rate limits need a read
   * of the database.
   */
  mayReserve(version: number): boolean {
    const { connection } = this;
    if (!this.isCaughtUp || connection?.version !== version || this.#buffered.size >= WINDOW_MAX)
      return false;
    return !connection.isOrdered && !connection.hasRateLimit;
  }

  get concurrency(): number {
    return this.isCautious ? 1 : (this.connection?.concurrency ?? 1);
  }

  /** How many more to read; 0 while enough are waiting, so that each read is worthwhile. */
  get wanted(): number {
    const { connection, concurrency } = this;
    if (connection?.hasRateLimit === true) return Math.max(0, concurrency - this.#buffered.size);
    const window = this.#window ?? 2 * concurrency;
    const space = window - this.#buffered.size;
    return this.waiting.length > window / 2 ? 0 : Math.max(0, space);
  }

  countEnded(): void {
    this.#endedSinceRead++;
  }

  finishRead(connection: OpenedConnection, mayHaveMore: boolean, nowMs: number): void {
    this.connection = connection;
    this.mayHaveMore = mayHaveMore;
    const elapsedMs = nowMs - this.#readAt;
    if (this.#readAt > 0 && elapsedMs < 10 * READ_AHEAD_MS && elapsedMs > 0) {
      const readAhead = (this.#endedSinceRead / elapsedMs) * READ_AHEAD_MS;
      this.#window = Math.min(WINDOW_MAX, Math.max(2 * this.concurrency, Math.ceil(readAhead)));
    }
    this.#readAt = nowMs;
    this.#endedSinceRead = 0;
  }
}

/** The queues of all connections with a delivery in this process, and of those known to be caught up. */
export class ConnectionQueues implements Iterable<ConnectionQueue> {
  readonly #byConnection = new Map<string, ConnectionQueue>();
  readonly #isCautious: (connectionId: string) => boolean;

  constructor(isCautious: (connectionId: string) => boolean) {
    this.#isCautious = isCautious;
  }

  get(connectionId: string): ConnectionQueue | undefined {
    return this.#byConnection.get(connectionId);
  }

  of(connectionId: string): ConnectionQueue {
    const known = this.#byConnection.get(connectionId);
    if (known !== undefined) return known;
    const queue = new ConnectionQueue(connectionId);
    queue.isCautious = this.#isCautious(connectionId);
    this.#byConnection.set(connectionId, queue);
    return queue;
  }

  /** Forgets an empty queue, or keeps it among those that are caught up. */
  park(queue: ConnectionQueue): void {
    this.#byConnection.delete(queue.connectionId);
    if (!queue.isCaughtUp) return;
    this.#byConnection.set(queue.connectionId, queue);
    if (this.#byConnection.size <= CAUGHT_UP_MAX) return;
    for (const oldest of this) {
      if (!oldest.isEmpty || oldest.mayHaveMore) continue;
      this.#byConnection.delete(oldest.connectionId);
      return;
    }
  }

  [Symbol.iterator](): Iterator<ConnectionQueue> {
    return this.#byConnection.values();
  }
}
