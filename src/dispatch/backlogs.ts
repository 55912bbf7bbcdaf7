import { sql } from "kysely";
import { FACT_COLUMNS, factsOf } from "../connections/connection-row.ts";
import type { Database } from "../db/open.ts";
import { BackgroundWork } from "../db/turns.ts";
import { type ConnectionState, connectionState } from "../domain/connection-state.ts";
import { CachedReading } from "./cached-reading.ts";

/** A connection that is not disconnected, and its pending deliveries. */
export type Backlog = {
  readonly connectionId: string;
  readonly state: ConnectionState;
  readonly pending: number;
  /** When the delivery at the head of its queue was accepted, epoch milliseconds; null for an empty queue. */
  readonly oldestAt: number | null;
};

/** Rows per statement, which takes the embedded database some 3 ms. */
const SLICE_ROWS = 500;
/** Name of this work in the queue of background work. */
const READING = "backlogs";

/**
 * Reads the backlog of every connection of the instance, even if it cannot be sent now, by one look at the head of each
 * queue.
 */
export class BacklogReader extends CachedReading<readonly Backlog[]> {
  constructor(db: Database, now: () => number) {
    super(() => readBacklogs(db, now()));
  }
}

async function readBacklogs(db: Database, now: number): Promise<readonly Backlog[]> {
  const work = new BackgroundWork(READING);
  const backlogs: Backlog[] = [];
  for (let after = ""; ; ) {
    const rows = await readSlice(db, after);
    for (const row of rows) {
      backlogs.push({
        connectionId: row.id,
        state: connectionState(factsOf(row), now).state,
        pending: Math.max(0, row.pending ?? 0),
        oldestAt: row.oldest_at,
      });
    }
    const last = rows.at(-1);
    if (last === undefined || rows.length < SLICE_ROWS) return backlogs;
    after = last.id;
    await work.nextStep();
  }
}

function readSlice(db: Database, after: string) {
  return db
    .selectFrom("connections")
    .leftJoin("pending_counts", (join) =>
      join
        .onRef("pending_counts.workspace_id", "=", "connections.workspace_id")
        .onRef("pending_counts.connection_id", "=", "connections.id"),
    )
    .select(["connections.id", "pending_counts.pending", ...FACT_COLUMNS])
    .select(
      sql<number | null>`case when pending > 0 then (
        select deliveries.created_at from deliveries
        where deliveries.connection_id = connections.id and deliveries.status = 'pending'
        order by deliveries.next_attempt_at, deliveries.id limit 1) end`.as("oldest_at"),
    )
    .where("connections.id", ">", after)
    .where("connections.status", "<>", "disconnected")
    .orderBy("connections.id")
    .limit(SLICE_ROWS)
    .execute();
}
