import { isAmong } from "../db/among.ts";
import type { Database, Dialect } from "../db/open.ts";
import type { Schema } from "../db/schema.ts";
import type { ReplayedConnection } from "../domain/replay.ts";

export const REPLAYED_CONNECTION_COLUMNS = [
  "connections.status as connection_status",
  "connections.health",
  "connections.probe_at",
  "connections.probe_delay_ms",
  "connections.hold_until",
  "connections.hold_ms",
] as const;

type ReplayedConnectionRow = Pick<
  Schema["connections"],
  "health" | "probe_at" | "probe_delay_ms" | "hold_until" | "hold_ms"
> & { readonly connection_status: Schema["connections"]["status"] };

/** The state of these connections that a replay depends on. */
export async function readReplayedConnections(
  { db, dialect }: { readonly db: Database; readonly dialect: Dialect },
  connectionIds: readonly string[],
): Promise<Map<string, ReplayedConnection>> {
  if (connectionIds.length === 0) return new Map();
  const rows = await db
    .selectFrom("connections")
    .select("id")
    .select(REPLAYED_CONNECTION_COLUMNS)
    .where((eb) => isAmong(dialect, eb.ref("id"), connectionIds))
    .execute();
  return new Map(rows.map((row) => [row.id, toReplayedConnection(row)]));
}

export function toReplayedConnection(row: ReplayedConnectionRow): ReplayedConnection {
  return {
    status: row.connection_status,
    health: row.health,
    breaker: { probeAt: row.probe_at, probeDelayMs: row.probe_delay_ms },
    hold: { until: row.hold_until, lengthMs: row.hold_ms },
  };
}
