import type { ClaimedDelivery } from "./claim.ts";
import type { OpenedConnection } from "./opened-connections.ts";

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
  #window: number | null = null;
  #answeredSinceClaim = 0;
  #claimedAt = 0;

  constructor(connectionId: string) {
    this.connectionId = connectionId;
  }

  get held(): number {
    return this.waiting.length + this.inFlight + this.recording;
  }

  get isEmpty(): boolean {
    return this.held === 0;
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
