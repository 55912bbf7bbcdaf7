import { sql } from "kysely";
import type { Database } from "../db/open.ts";
import { openUntil } from "../domain/circuit-breaker.ts";
import { heldUntil } from "../domain/connection-hold.ts";
import { dueAtMax } from "./bring-forward.ts";

export type DueConnection = { readonly connectionId: string; readonly dueAt: number };
export type DisconnectedConnection = { readonly connectionId: string; readonly workspaceId: string };
export type DueConnections = {
  readonly connections: readonly DueConnection[];
  /** Disconnected connections with pending deliveries, which will not be sent any more. */
  readonly disconnected: readonly DisconnectedConnection[];
  /** Connections with a delivery further in the future than possible: see `bringForward`. */
  readonly tooFarAhead: readonly string[];
  /** Where to continue; null at the end. */
  readonly next: string | null;
};

/** A connection with pending deliveries: when the first and the last of them are due, and what delays sending. */
type QueueRow = {
  readonly connection_id: string;
  readonly due_at: number;
  readonly last_due_at: number;
  readonly workspace_id: string | null;
  readonly status: string | null;
  readonly hold_until: number | null;
  readonly hold_ms: number | null;
  readonly probe_at: number | null;
  readonly probe_delay_ms: number | null;
};

/**
 * Connections with pending deliveries, and when the first of these can leave. Looks at no more than `connectionsMax`;
 * `after` is where an earlier walk stopped.
 */
export async function readDueConnections(
  db: Database,
  after: string | null,
  connectionsMax: number,
  now: number,
): Promise<DueConnections> {
  const rows = await walkQueues(db, after, connectionsMax);
  return {
    connections: rows
      .filter(({ status }) => status === "connected")
      .map((row) => ({ connectionId: row.connection_id, dueAt: dueAtOf(row, now) })),
    disconnected: rows.flatMap(({ connection_id: connectionId, workspace_id: workspaceId, status }) =>
      status === "disconnected" && workspaceId !== null ? [{ connectionId, workspaceId }] : [],
    ),
    tooFarAhead: rows
      .filter(({ last_due_at: lastDueAt }) => Number(lastDueAt) > dueAtMax(now))
      .map(({ connection_id: connectionId }) => connectionId),
    next: rows.length < connectionsMax ? null : (rows.at(-1)?.connection_id ?? null),
  };
}

/**
 * Walks from one queue to the next through the index, so the cost depends on the number of connections with a backlog,
 * not on the size of the backlog.
 */
async function walkQueues(
  db: Database,
  after: string | null,
  connectionsMax: number,
): Promise<readonly QueueRow[]> {
  const { rows } = await sql<QueueRow>`
    with recursive walk (connection_id, place) as (
      select min(connection_id), 1 from deliveries where status = 'pending' and connection_id > ${after ?? ""}
      union all
      select (
        select min(connection_id) from deliveries where status = 'pending' and connection_id > walk.connection_id
      ), walk.place + 1
      from walk where walk.connection_id is not null and walk.place < ${connectionsMax}
    )
    select walk.connection_id, (
      select min(next_attempt_at) from deliveries
      where deliveries.connection_id = walk.connection_id and status = 'pending') as due_at, (
      select max(next_attempt_at) from deliveries
      where deliveries.connection_id = walk.connection_id and status = 'pending') as last_due_at,
      connections.workspace_id, connections.status, connections.hold_until, connections.hold_ms, connections.probe_at,
      connections.probe_delay_ms
    from walk left join connections on connections.id = walk.connection_id
    where walk.connection_id is not null
    order by walk.place
  `.execute(db);
  return rows;
}

/** When the first delivery is due, or when a hold or the circuit breaker's backoff ends, whichever is later. */
function dueAtOf(row: QueueRow, now: number): number {
  const holdUntil = heldUntil({ until: row.hold_until, lengthMs: row.hold_ms }, now) ?? 0;
  const openTo = openUntil({ probeAt: row.probe_at, probeDelayMs: row.probe_delay_ms }, now) ?? 0;
  return Math.max(Number(row.due_at), holdUntil, openTo);
}
