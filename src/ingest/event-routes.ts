import type { DatabaseTransaction } from "../db/open.ts";
import { createEventFilter, createSystemEventFilter } from "../domain/event-filter.ts";

/** A possible destination of a workspace's events: one connection, and the types it subscribes to. */
export type EventRoute = {
  readonly connectionId: string;
  readonly connectionVersion: number;
  /** Events for a paused connection are stored too, and wait in its queue. */
  readonly isConnected: boolean;
  readonly wants: (type: string) => boolean;
  /** The same for OpenSend's own events. */
  readonly wantsSystem: (type: string) => boolean;
};

type Known = { readonly version: string; readonly routes: readonly EventRoute[] };

const WORKSPACES_KEPT_MAX = 10_000;

/**
 * Finds the connections that subscribe to an event. Each workspace's routes are cached until its version changes, so a
 * batch of events costs one small query however many connections there are.
 */
export class EventRoutes {
  readonly #known = new Map<string, Known>();

  /** The routes of each of these workspaces, as of this transaction. */
  async read(
    trx: DatabaseTransaction,
    workspaceIds: readonly string[],
  ): Promise<ReadonlyMap<string, readonly EventRoute[]>> {
    const ids = [...new Set(workspaceIds)];
    const versions = await readVersions(trx, ids);
    const result = new Map<string, readonly EventRoute[]>();
    for (const id of ids) {
      const version = versions.get(id) ?? "";
      let known = this.#known.get(id);
      if (known?.version !== version) {
        known = { version, routes: await readRoutes(trx, id) };
        if (this.#known.size >= WORKSPACES_KEPT_MAX) this.#known.clear();
        this.#known.set(id, known);
      }
      result.set(id, known.routes);
    }
    return result;
  }
}

async function readVersions(
  trx: DatabaseTransaction,
  workspaceIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const rows = await trx
    .selectFrom("routing_versions")
    .select(["workspace_id", "version"])
    .where("workspace_id", "in", workspaceIds)
    .execute();
  return new Map(rows.map((row) => [row.workspace_id, row.version]));
}

async function readRoutes(trx: DatabaseTransaction, workspaceId: string): Promise<readonly EventRoute[]> {
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
