import type { Database } from "../db/open.ts";
import { type ConnectionState, connectionState } from "../domain/connection-state.ts";
import { factsOf } from "./connection-row.ts";
import { DISCONNECTED, EVERY_CONNECTION, walkConnections } from "./walk-connections.ts";

/** Connections by state. */
export type StateCounts = Readonly<Record<ConnectionState, number>>;

/** Disconnected connections are counted up to this limit. */
const DISCONNECTED_MAX = 10_000;

/** How many of a workspace's connections with a provider are in each state. */
export async function countByState(
  db: Database,
  workspaceId: string,
  provider: string,
  now: number,
): Promise<StateCounts> {
  const counts = noStates();
  for await (const rows of walkConnections(db, workspaceId, { ...EVERY_CONNECTION, provider })) {
    for (const row of rows) counts[connectionState(factsOf(row), now).state]++;
  }
  counts.disconnected = await countDisconnected(db, workspaceId, provider);
  return counts;
}

export function noStates(): Record<ConnectionState, number> {
  return { failing: 0, held: 0, paused: 0, ok: 0, idle: 0, disconnected: 0 };
}

async function countDisconnected(db: Database, workspaceId: string, provider: string): Promise<number> {
  const row = await db
    .selectFrom((eb) =>
      eb
        .selectFrom("connections")
        .select("id")
        .where("workspace_id", "=", workspaceId)
        .where("provider", "=", provider)
        .where(DISCONNECTED)
        .limit(DISCONNECTED_MAX)
        .as("some"),
    )
    .select((eb) => eb.fn.countAll<number>().as("count"))
    .executeTakeFirst();
  return Number(row?.count ?? 0);
}
