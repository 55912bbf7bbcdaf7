import type { DatabaseTransaction } from "../db/open.ts";
import { createEventFilter, createSystemEventFilter } from "../domain/event-filter.ts";

/** One connection that may receive events, and whether it wants a type. */
export type Route = {
  readonly connectionId: string;
  readonly connectionVersion: number;
  readonly isConnected: boolean;
  readonly wants: (type: string) => boolean;
  /** The same for OpenSend's own events. */
  readonly wantsSystem: (type: string) => boolean;
};

export type Routing = {
  /** The routes of each workspace named, as they stand in this transaction. */
  readonly read: (
    trx: DatabaseTransaction,
    workspaceIds: readonly string[],
  ) => Promise<ReadonlyMap<string, readonly Route[]>>;
};

const WORKSPACES_KEPT_MAX = 10_000;

/**
 * Keeps each workspace's routes until its version says that they changed: one small query a batch of events, whatever
 * the number of connections. Paused connections are routes too, since their events queue.
 */
export function createRouting(): Routing {
  const known = new Map<string, { readonly version: string; readonly routes: readonly Route[] }>();
  return {
    read: async (trx, workspaceIds) => {
      const ids = [...new Set(workspaceIds)];
      const versions = await trx
        .selectFrom("routing_versions")
        .select(["workspace_id", "version"])
        .where("workspace_id", "in", ids)
        .execute();
      const byId = new Map(versions.map((row) => [row.workspace_id, row.version]));
      const result = new Map<string, readonly Route[]>();
      for (const id of ids) {
        const version = byId.get(id) ?? "";
        let entry = known.get(id);
        if (entry?.version !== version) {
          entry = { version, routes: await readRoutes(trx, id) };
          if (known.size >= WORKSPACES_KEPT_MAX) known.clear();
          known.set(id, entry);
        }
        result.set(id, entry.routes);
      }
      return result;
    },
  };
}

async function readRoutes(trx: DatabaseTransaction, workspaceId: string): Promise<readonly Route[]> {
  const rows = await trx
    .selectFrom("connections")
    .select(["id", "event_types", "version", "status"])
    .where("workspace_id", "=", workspaceId)
    .where("status", "!=", "disconnected")
    .execute();
  return rows.map((row) => {
    const patterns = JSON.parse(row.event_types) as string[];
    return {
      connectionId: row.id,
      connectionVersion: row.version,
      isConnected: row.status === "connected",
      wants: createEventFilter(patterns),
      wantsSystem: createSystemEventFilter(patterns),
    };
  });
}
