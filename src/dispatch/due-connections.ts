import { sql } from "kysely";
import type { Database } from "../db/open.ts";
import { openUntil } from "../domain/circuit-breaker.ts";
import { heldUntil } from "../domain/connection-hold.ts";
import { dueAtMax } from "./bring-forward.ts";

export type DueConnection = { readonly connectionId: string; readonly dueAt: number };
export type DisconnectedConnection = { readonly connectionId: string; readonly workspaceId: string };
export type DueConnections = {
  readonly connections: readonly DueConnection[];
  /** With something in their queue, which is owed to nobody any more. */
  readonly disconnected: readonly DisconnectedConnection[];
  /** With something in their queue that is further ahead than it can be: see `bringForward`. */
  readonly tooFarAhead: readonly string[];
  /** Where to go on; null at the end. */
  readonly next: string | null;
};

/**
 * Connections that have something to send, and when the first of it may leave. Walks from one queue to the next through
 * the index, so it costs by the number of connections with a backlog, not by its size, and looks at so many at most;
 * `after` is where an earlier walk stopped.
 */
export async function readDueConnections(
  db: Database,
  after: string | null,
  connectionsMax: number,
  now: number,
): Promise<DueConnections> {
  const { rows } = await sql<{
    connection_id: string;
    due_at: number;
    last_due_at: number;
    workspace_id: string | null;
    status: string | null;
    hold_until: number | null;
    hold_ms: number | null;
    probe_at: number | null;
    probe_delay_ms: number | null;
  }>`
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
  const connections = rows
    .filter(({ status }) => status === "connected")
    .map((row) => ({
      connectionId: row.connection_id,
      dueAt: Math.max(
        Number(row.due_at),
        heldUntil({ until: row.hold_until, lengthMs: row.hold_ms }, now) ?? 0,
        openUntil({ probeAt: row.probe_at, probeDelayMs: row.probe_delay_ms }, now) ?? 0,
      ),
    }));
  const tooFarAhead = rows
    .filter(({ last_due_at: lastDueAt }) => Number(lastDueAt) > dueAtMax(now))
    .map(({ connection_id: connectionId }) => connectionId);
  const disconnected = rows.flatMap((row) =>
    row.status === "disconnected" && row.workspace_id !== null
      ? [{ connectionId: row.connection_id, workspaceId: row.workspace_id }]
      : [],
  );
  const last = rows.at(-1);
  return {
    connections,
    disconnected,
    tooFarAhead,
    next: rows.length < connectionsMax ? null : (last?.connection_id ?? null),
  };
}
