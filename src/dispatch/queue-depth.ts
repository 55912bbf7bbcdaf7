import type { Database } from "../db/open.ts";
import { BackgroundWork } from "../db/turns.ts";
import { readAllPending } from "../statistics/read-pending.ts";
import { readDueConnections } from "./due-connections.ts";

/** The pending deliveries of all processes together. */
export type QueueDepth = {
  /** Those that are being sent right now are among them; a second or two behind. */
  readonly pending: number;
  /** When the oldest delivery that could leave by now was due, epoch milliseconds; null when nothing waits. */
  readonly oldestDueAt: number | null;
};

/** How long a reading is used again. */
const KEPT_MS = 10_000;
/** One that takes long is done less often, so that it never takes more than 1 % of the time. */
const KEPT_TIMES_COST = 100;
/** Walked before others have their turn. */
const QUEUES_A_SLICE = 500;
/** In the line of those who have much to do. */
const COUNTING = "queue depth";

/** Reads how much is pending, and since when, without holding anybody up: it walks one entry of the index per queue. */
export class QueueDepthReader {
  readonly #db: Database;
  readonly #now: () => number;
  #kept: { readonly depth: QueueDepth; readonly until: number } | null = null;
  #reading: Promise<QueueDepth> | null = null;

  constructor(db: Database, now: () => number) {
    this.#db = db;
    this.#now = now;
  }

  /** Callers who come together, or soon after each other, share one reading. */
  async read(): Promise<QueueDepth> {
    if (this.#kept !== null && performance.now() < this.#kept.until) return this.#kept.depth;
    this.#reading ??= this.#readAnew().finally(() => {
      this.#reading = null;
    });
    return this.#reading;
  }

  async #readAnew(): Promise<QueueDepth> {
    const startedAt = performance.now();
    const oldestDueAt = await readOldestDue(this.#db, this.#now());
    const pending = await readAllPending(this.#db);
    const cost = performance.now() - startedAt;
    const depth = { pending, oldestDueAt };
    this.#kept = { depth, until: performance.now() + Math.max(KEPT_MS, cost * KEPT_TIMES_COST) };
    return depth;
  }
}

async function readOldestDue(db: Database, now: number): Promise<number | null> {
  const work = new BackgroundWork(COUNTING);
  let oldest: number | null = null;
  let after: string | null = null;
  do {
    const { connections, next } = await readDueConnections(db, after, QUEUES_A_SLICE, now);
    for (const { dueAt } of connections) if (dueAt <= now) oldest = Math.min(oldest ?? dueAt, dueAt);
    after = next;
    await work.nextStep();
  } while (after !== null);
  return oldest;
}
