import type { Database } from "../db/open.ts";
import { BackgroundWork } from "../db/turns.ts";
import { readAllPending } from "../statistics/read-pending.ts";
import { CachedReading } from "./cached-reading.ts";
import { readDueConnections } from "./due-connections.ts";

/** The pending deliveries of all processes together. */
export type QueueDepth = {
  /** Includes deliveries in flight; a second or two behind. */
  readonly pending: number;
  /** When the oldest delivery that could leave by now was due, epoch milliseconds; null when there is none. */
  readonly oldestDueAt: number | null;
};

/** Queues read before other work gets its turn. */
const QUEUES_PER_SLICE = 500;
/** Name of this work in the queue of background work. */
const COUNTING = "queue depth";

/** Reads how much is pending, and since when, without blocking others: it walks one index entry per queue. */
export class QueueDepthReader extends CachedReading<QueueDepth> {
  constructor(db: Database, now: () => number) {
    super(async () => {
      const oldestDueAt = await readOldestDue(db, now());
      return { pending: await readAllPending(db), oldestDueAt };
    });
  }
}

async function readOldestDue(db: Database, now: number): Promise<number | null> {
  const work = new BackgroundWork(COUNTING);
  let oldest: number | null = null;
  let after: string | null = null;
  do {
    const { connections, next } = await readDueConnections(db, after, QUEUES_PER_SLICE, now);
    for (const { dueAt } of connections) if (dueAt <= now) oldest = Math.min(oldest ?? dueAt, dueAt);
    after = next;
    await work.nextStep();
  } while (after !== null);
  return oldest;
}
