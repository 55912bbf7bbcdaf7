import { sql } from "kysely";
import type { Store } from "../db/open.ts";
import { BackgroundWork } from "../db/turns.ts";
import { readDueConnections } from "./due-connections.ts";

/** The pending deliveries of all processes together. */
export type QueueDepth = {
  /** Those that are being sent right now are among them. */
  readonly pending: number;
  /** When the oldest delivery that could leave by now was due, epoch milliseconds; null when nothing waits. */
  readonly oldestDueAt: number | null;
};

/** How long a count is used again. */
const KEPT_MS = 10_000;
/** A queue that takes long to count is counted less often, so that counting never takes more than 1 % of the time. */
const KEPT_TIMES_COST = 100;
/** Rows of the index walked before others have their turn: about two milliseconds. */
const SLICE_ROWS = 5000;
const QUEUES_A_SLICE = 500;
/** In the line of those who have much to do. */
const COUNTING = "queue depth";

type QueueStore = Pick<Store, "db" | "dialect">;

/**
 * Counts pending deliveries without holding anybody up. PostgreSQL counts by itself; the embedded database would keep the
 * whole process waiting, so it counts in slices.
 */
export class QueueDepthReader {
  readonly #store: QueueStore;
  readonly #now: () => number;
  #kept: { readonly depth: QueueDepth; readonly until: number } | null = null;
  #reading: Promise<QueueDepth> | null = null;

  constructor(store: QueueStore, now: () => number) {
    this.#store = store;
    this.#now = now;
  }

  /** Callers who come together, or soon after each other, share one count. */
  async read(): Promise<QueueDepth> {
    if (this.#kept !== null && performance.now() < this.#kept.until) return this.#kept.depth;
    this.#reading ??= this.#readAnew().finally(() => {
      this.#reading = null;
    });
    return this.#reading;
  }

  async #readAnew(): Promise<QueueDepth> {
    const startedAt = performance.now();
    const oldestDueAt = await readOldestDue(this.#store, this.#now());
    const count = this.#store.dialect === "sqlite" ? countInSlices : countAll;
    const pending = await count(this.#store);
    const cost = performance.now() - startedAt;
    const depth = { pending, oldestDueAt };
    this.#kept = { depth, until: performance.now() + Math.max(KEPT_MS, cost * KEPT_TIMES_COST) };
    return depth;
  }
}

async function countAll({ db }: QueueStore): Promise<number> {
  const row = await db
    .selectFrom("deliveries")
    .select((eb) => eb.fn.countAll().as("count"))
    .where("status", "=", sql.lit("pending"))
    .executeTakeFirstOrThrow();
  return Number(row.count);
}

type Place = { readonly connection_id: string; readonly next_attempt_at: number; readonly id: string };

/** Walks the index deliveries_queue from its start, a slice at a time; nothing but the slice's last entry is read. */
async function countInSlices({ db }: QueueStore): Promise<number> {
  let place: Place = { connection_id: "", next_attempt_at: 0, id: "" };
  const work = new BackgroundWork(COUNTING);
  let counted = 0;
  for (;;) {
    const beyond = sql`
      from deliveries where status = 'pending' and (connection_id, next_attempt_at, id)
        > (${place.connection_id}, ${place.next_attempt_at}, ${place.id})
      order by connection_id, next_attempt_at, id`;
    const { rows } = await sql<Place>`
      select connection_id, next_attempt_at, id ${beyond} limit 1 offset ${SLICE_ROWS - 1}`.execute(db);
    const [last] = rows;
    if (last === undefined) {
      const rest = await sql<{ count: number }>`
        select count(*) as count from (select 1 ${beyond} limit ${SLICE_ROWS})`.execute(db);
      return counted + Number(rest.rows[0]?.count ?? 0);
    }
    counted += SLICE_ROWS;
    place = last;
    await work.nextStep();
  }
}

async function readOldestDue({ db }: QueueStore, now: number): Promise<number | null> {
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
