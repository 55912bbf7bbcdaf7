import { CONNECTORS } from "../connectors/registry.ts";
import type { Database } from "../db/open.ts";
import type { Connection } from "../domain/connection.ts";
import { OpenSendError } from "../domain/errors.ts";
import { selectConnections, toConnection } from "./connection-row.ts";
import { countByState, type StateCounts } from "./count-by-state.ts";
import { DISCONNECTED, LIVE } from "./walk-connections.ts";

/** @throws {OpenSendError} `not_found` when the workspace has no such connection. */
export async function getConnection(db: Database, workspaceId: string, id: string): Promise<Connection> {
  const row = await selectConnections(db)
    .where("workspace_id", "=", workspaceId)
    .where("id", "=", id)
    .executeTakeFirst();
  if (row === undefined) throw connectionNotFound();
  return toConnection(row);
}

/** The connections with these ids that belong to the workspace. */
export async function getConnections(
  db: Database,
  workspaceId: string,
  ids: readonly string[],
): Promise<Connection[]> {
  if (ids.length === 0) return [];
  const rows = await selectConnections(db)
    .where("workspace_id", "=", workspaceId)
    .where("id", "in", ids)
    .execute();
  return rows.map(toConnection);
}

export function connectionNotFound(): OpenSendError {
  return new OpenSendError(
    "not_found",
    "This workspace has no connection with that id. Copy the id from the list of connections.",
  );
}

/** The connection that represents a provider: the newest that is not disconnected, or else the newest, or null. */
export async function representativeConnection(
  db: Database,
  workspaceId: string,
  provider: string,
): Promise<Connection | null> {
  const newest = selectConnections(db)
    .where("workspace_id", "=", workspaceId)
    .where("provider", "=", provider)
    .orderBy("created_at", "desc")
    .orderBy("id", "desc")
    .limit(1);
  const row =
    (await newest.where(LIVE).executeTakeFirst()) ?? (await newest.where(DISCONNECTED).executeTakeFirst());
  return row === undefined ? null : toConnection(row);
}

export type CatalogEntry = {
  readonly provider: string;
  readonly name: string;
  readonly description: string;
  readonly status: "installed" | "uninstalled";
  readonly connection: Connection | null;
  /** Connections that are not disconnected. */
  readonly connectionsCount: number;
  readonly counts: StateCounts;
};

/** Every shipped connector, and whether it is installed here, which means that a connection is not disconnected. */
export async function readCatalog(db: Database, workspaceId: string, now: number): Promise<CatalogEntry[]> {
  return Promise.all(
    CONNECTORS.map(async ({ provider, name, description }) => {
      const counts = await countByState(db, workspaceId, provider, now);
      const connectionsCount =
        Object.values(counts).reduce((sum, count) => sum + count, 0) - counts.disconnected;
      const connection = await representativeConnection(db, workspaceId, provider);
      const status = connectionsCount > 0 ? "installed" : "uninstalled";
      return { provider, name, description, status, connection, connectionsCount, counts } as const;
    }),
  );
}
