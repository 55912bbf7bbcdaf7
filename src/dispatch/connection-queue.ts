import type { DueDelivery } from "./due-delivery.ts";
import type { OpenedConnection } from "./opened-connections.ts";

/** Connections of which it is remembered that nothing is due. */
const CAUGHT_UP_MAX = 1000;
/** Held at most of one connection at once. */
const WINDOW_MAX = 256;
/** How much work is read ahead: enough that a read's time does not interrupt sending, little enough to drop easily. */
const AHEAD_MS = 500;

/**
 * What this process has in hand of a connection's queue, in order: deliveries that wait for their turn, that are being sent,
 * or whose result is being recorded. They are pending in the database, so their ids are what tells them from others. How
 * many are read at a time follows from how fast the receiver took the last ones.
 */
export class ConnectionQueue {
  readonly connectionId: string;
  connection: OpenedConnection | null = null;
  readonly waiting: DueDelivery[] = [];
  /** Requests under way. */
  inFlight = 0;
  /** Of those answered, the ones whose record decides whether and when the next may leave. */
  readonly awaited = new Set<DueDelivery>();
  /** The last read took all it could: there may be more. */
  mayHaveMore = false;
  /** Nothing is due of this connection that is not held here, and nothing keeps it from being sent. */
  isCaughtUp = false;
  /** One request at a time: the process that worked it before ended amid its work, and nothing is recorded since. */
  isCautious = false;
  /** How often the connection was changed while it was known here. */
  recalls = 0;
  /** Up to when the requests of this process use up the connection's rate, epoch milliseconds. */
  rateTakenUntil = 0;
  readonly #held = new Set<string>();
  #window: number | null = null;
  #answeredSinceRead = 0;
  #readAt = 0;

  constructor(connectionId: string) {
    this.connectionId = connectionId;
  }

  /** Ids of all that is in hand, also of what is being committed and handed over then. */
  get held(): ReadonlySet<string> {
    return this.#held;
  }

  hold(id: string): void {
    this.#held.add(id);
  }

  letGo(id: string): void {
    this.#held.delete(id);
  }

  get isEmpty(): boolean {
    return this.#held.size === 0;
  }

  /** Whether a delivery that is accepted now may come here straight away. Strict order and rate limits are read from the database. */
  mayReserve(version: number): boolean {
    const { connection } = this;
    if (!this.isCaughtUp || connection?.version !== version || this.#held.size >= WINDOW_MAX) return false;
    return !connection.isOrdered && !connection.hasRateLimit;
  }

  get concurrency(): number {
    return this.isCautious ? 1 : (this.connection?.concurrency ?? 1);
  }

  /** How many more to read; none while enough wait, so that a read is worth its while. */
  get wanted(): number {
    const { connection, concurrency } = this;
    if (connection?.hasRateLimit === true) return Math.max(0, concurrency - this.#held.size);
    const window = this.#window ?? 2 * concurrency;
    const room = window - this.#held.size;
    return this.waiting.length > window / 2 ? 0 : Math.max(0, room);
  }

  noteAnswer(): void {
    this.#answeredSinceRead++;
  }

  noteRead(connection: OpenedConnection, mayHaveMore: boolean, nowMs: number): void {
    this.connection = connection;
    this.mayHaveMore = mayHaveMore;
    const elapsedMs = nowMs - this.#readAt;
    if (this.#readAt > 0 && elapsedMs < 10 * AHEAD_MS && elapsedMs > 0) {
      const aheadCount = (this.#answeredSinceRead / elapsedMs) * AHEAD_MS;
      this.#window = Math.min(WINDOW_MAX, Math.max(2 * this.concurrency, Math.ceil(aheadCount)));
    }
    this.#readAt = nowMs;
    this.#answeredSinceRead = 0;
  }
}

/** The queues of all connections that this process has something of, or knows that nothing is due of. */
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

  /** Forgets a queue with nothing to do, or keeps it as one of those that are caught up. */
  rest(queue: ConnectionQueue): void {
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
