import { sql } from "kysely";
import type { Database } from "../store/open.ts";

export type DueConnection = { readonly connectionId: string; readonly dueAt: number };

/**
 * Connections that have something to send, and when the oldest of it is due. Walks from one queue to the next through
 * the index, so it costs by the number of connections with a backlog, not by its size.
 */
export async function readDueConnections(db: Database, now: number): Promise<DueConnection[]> {
  const { rows } = await sql<{ connection_id: string; due_at: number }>`
    with recursive walk (connection_id) as (
      select min(connection_id) from deliveries where status = 'pending'
      union all
      select (select min(connection_id) from deliveries where status = 'pending' and connection_id > walk.connection_id)
      from walk where walk.connection_id is not null
    )
    select walk.connection_id, (
      select min(next_attempt_at) from deliveries
      where deliveries.connection_id = walk.connection_id and status = 'pending') as due_at
    from walk join connections on connections.id = walk.connection_id
    where connections.status = 'connected' and (connections.health <> 'unhealthy' or connections.probe_at <= ${now})
  `.execute(db);
  return rows.map((row) => ({ connectionId: row.connection_id, dueAt: Number(row.due_at) }));
}
