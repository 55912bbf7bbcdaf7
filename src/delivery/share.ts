import type { ClaimedDelivery } from "./claim.ts";
import type { OpenedConnection } from "./opened-connections.ts";

/** Connections of which it is remembered that nothing is due. */
const CAUGHT_UP_MAX = 1000;
/** Leased at most of one connection at once. */
const WINDOW_MAX = 256;
/** How much work is leased ahead: enough that a commit's time does not interrupt sending, little enough to lose little. */
const AHEAD_MS = 500;

/**
 * What this process holds of one connection's queue: deliveries under lease, in order, of which some are being sent.
 * How many it leases at a time follows from how fast the receiver took the last ones.
 */
export class Share {
  readonly connectionId: string;
  connection: OpenedConnection | null = null;
  readonly waiting: ClaimedDelivery[] = [];
  /** Requests under way. */
  inFlight = 0;
  /** Answered, with the record not committed yet. */
  recording = 0;
  /** Of those, the ones whose record decides whether and when the next may leave. */
  readonly awaited = new Set<ClaimedDelivery>();
  /** The last claim took all it could: there may be more. */
  mayHaveMore = false;
  /** Nothing is due of this connection that is not held here, and nothing keeps it from being sent. */
  isCaughtUp = false;
  /** Reservations kept for deliveries that are being committed. */
  reserved = 0;
  /** How often the connection was changed while it was known here. */
  recalls = 0;
  #window: number | null = null;
  #answeredSinceClaim = 0;
  #claimedAt = 0;

  constructor(connectionId: string) {
    this.connectionId = connectionId;
  }

  get held(): number {
    return this.waiting.length + this.inFlight + this.recording + this.reserved;
  }

  get isEmpty(): boolean {
    return this.held === 0;
  }

  /** Whether a delivery that is accepted now may come here straight away. Strict order and rate limits are read from the database. */
  mayReserve(version: number): boolean {
    const { connection } = this;
    if (!this.isCaughtUp || connection?.version !== version || this.held >= WINDOW_MAX) return false;
    return !connection.isOrdered && !connection.hasRateLimit;
  }

  get concurrency(): number {
    return this.connection?.concurrency ?? 1;
  }

  /** How many more to lease; none while enough wait, so that a claim is worth its while. */
  get wanted(): number {
    const { connection, concurrency } = this;
    if (connection?.hasRateLimit === true) return Math.max(0, concurrency - this.held);
    const window = this.#window ?? 2 * concurrency;
    const room = window - this.held;
    return this.waiting.length > window / 2 ? 0 : Math.max(0, room);
  }

  noteAnswer(): void {
    this.#answeredSinceClaim++;
  }

  noteClaim(connection: OpenedConnection, mayHaveMore: boolean, nowMs: number): void {
    this.connection = connection;
    this.mayHaveMore = mayHaveMore;
    const elapsedMs = nowMs - this.#claimedAt;
    if (this.#claimedAt > 0 && elapsedMs < 10 * AHEAD_MS && elapsedMs > 0) {
      const aheadCount = (this.#answeredSinceClaim / elapsedMs) * AHEAD_MS;
      this.#window = Math.min(WINDOW_MAX, Math.max(2 * this.concurrency, Math.ceil(aheadCount)));
    }
    this.#claimedAt = nowMs;
    this.#answeredSinceClaim = 0;
  }
}

/** The shares of all connections that this process has something of, or knows that nothing is due of. */
export class Shares implements Iterable<Share> {
  readonly #byConnection = new Map<string, Share>();

  get(connectionId: string): Share | undefined {
    return this.#byConnection.get(connectionId);
  }

  of(connectionId: string): Share {
    const known = this.#byConnection.get(connectionId);
    if (known !== undefined) return known;
    const share = new Share(connectionId);
    this.#byConnection.set(connectionId, share);
    return share;
  }

  /** Forgets a share with nothing to do, or keeps it as one of those that are caught up. */
  rest(share: Share): void {
    this.#byConnection.delete(share.connectionId);
    if (!share.isCaughtUp) return;
    this.#byConnection.set(share.connectionId, share);
    if (this.#byConnection.size <= CAUGHT_UP_MAX) return;
    for (const oldest of this) {
      if (!oldest.isEmpty || oldest.mayHaveMore) continue;
      this.#byConnection.delete(oldest.connectionId);
      return;
    }
  }

  [Symbol.iterator](): Iterator<Share> {
    return this.#byConnection.values();
  }
}
