/** Timers further ahead are left to the poll, which runs sooner. */
const AHEAD_MAX_MS = 60_000;
/** The clock can be stepped without the process's timer, so the clock is read at least this often. */
const LOOK_EVERY_MS = 1000;
/** Connections due within this time of each other are woken together. */
const GRAIN_MS = 2;

/** Wakes connections when they have deliveries due, with a single timer however many there are. */
export class Timers {
  readonly #now: () => number;
  readonly #wake: (connectionIds: readonly string[]) => void;
  readonly #dueAt = new Map<string, number>();
  #timer: NodeJS.Timeout | null = null;
  #timerAt = Number.POSITIVE_INFINITY;
  #isRunning = false;

  constructor(now: () => number, wake: (connectionIds: readonly string[]) => void) {
    this.#now = now;
    this.#wake = wake;
  }

  /** Wakes this connection at a time, in epoch milliseconds, unless an earlier time is already set. */
  set(connectionId: string, at: number): void {
    if (at - this.#now() > AHEAD_MAX_MS) return;
    const known = this.#dueAt.get(connectionId);
    if (known !== undefined && known <= at) return;
    this.#dueAt.set(connectionId, at);
    this.#waitUntil(at);
  }

  start(): void {
    this.#isRunning = true;
  }

  stop(): void {
    this.#isRunning = false;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#dueAt.clear();
  }

  #waitUntil(at: number): void {
    if (!this.#isRunning || at >= this.#timerAt) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timerAt = at;
    const delayMs = Math.min(LOOK_EVERY_MS, Math.max(GRAIN_MS, at - this.#now()));
    this.#timer = setTimeout(() => this.#wakeDue(), delayMs);
  }

  #wakeDue(): void {
    this.#timer = null;
    this.#timerAt = Number.POSITIVE_INFINITY;
    const time = this.#now() + GRAIN_MS;
    const due: string[] = [];
    let next = Number.POSITIVE_INFINITY;
    for (const [connectionId, at] of this.#dueAt) {
      if (at <= time) due.push(connectionId);
      else if (at < next) next = at;
    }
    for (const connectionId of due) this.#dueAt.delete(connectionId);
    if (next < Number.POSITIVE_INFINITY) this.#waitUntil(next);
    if (due.length > 0) this.#wake(due);
  }
}
