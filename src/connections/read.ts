import { sql } from "kysely";
import { CONNECTORS } from "../connectors/registry.ts";
import type { Database } from "../db/open.ts";
import { type Page, type PageRequest, readPage } from "../db/paging.ts";
import type { Connection, ConnectionStatus } from "../domain/connection.ts";
import { OpenSendError } from "../domain/errors.ts";
import { SHOWN_COLUMNS, toConnection } from "./connection-row.ts";

/** @throws {OpenSendError} `not_found` when the workspace has no such connection. */
export async function getConnection(db: Database, workspaceId: string, id: string): Promise<Connection> {
  const row = await db
    .selectFrom("connections")
    .select(SHOWN_COLUMNS)
    .where("workspace_id", "=", workspaceId)
    .where("id", "=", id)
    .executeTakeFirst();
  if (row === undefined) throw connectionNotFound();
  return toConnection(row);
}

/** Those of these connections that are the workspace's. */
export async function getConnections(
  db: Database,
  workspaceId: string,
  ids: readonly string[],
): Promise<Connection[]> {
  if (ids.length === 0) return [];
  const rows = await db
    .selectFrom("connections")
    .select(SHOWN_COLUMNS)
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

/** The connection a provider is represented by: the newest that is not disconnected, else the newest, else none. */
export async function representativeConnection(
  db: Database,
  workspaceId: string,
  provider: string,
): Promise<Connection | null> {
  const newest = db
    .selectFrom("connections")
    .select(SHOWN_COLUMNS)
    .where("workspace_id", "=", workspaceId)
    .where("provider", "=", provider)
    .orderBy("created_at", "desc")
    .orderBy("id", "desc")
    .limit(1);
  const row =
    (await newest.where("status", "!=", "disconnected").executeTakeFirst()) ??
    (await newest.executeTakeFirst());
  return row === undefined ? null : toConnection(row);
}

export type ConnectionFilter = {
  readonly status: ConnectionStatus | null;
  readonly provider: string | null;
  /** Part of the name or of the host, in any case. */
  readonly text: string | null;
};

/** A workspace's connections, newest first. */
export async function listConnections(
  db: Database,
  workspaceId: string,
  filter: ConnectionFilter,
  page: PageRequest,
): Promise<Page<Connection>> {
  let query = db.selectFrom("connections").select(SHOWN_COLUMNS).where("workspace_id", "=", workspaceId);
  if (filter.status !== null) query = query.where("status", "=", filter.status);
  if (filter.provider !== null) query = query.where("provider", "=", filter.provider);
  if (filter.text !== null) query = query.where(contains(filter.text));
  const { rows, hasMore } = await readPage(query, page);
  return { rows: rows.map(toConnection), hasMore };
}

/** Both sides are lowered by the database, since not every database lowers every letter. */
function contains(text: string) {
  const pattern = `%${text.replaceAll(/[\\%_]/g, "\\$&")}%`;
  return sql<boolean>`(lower(name) like lower(${pattern}) escape '\\' or lower(endpoint_host) like lower(${pattern}) escape '\\')`;
}

export type CatalogEntry = {
  readonly provider: string;
  readonly name: string;
  readonly description: string;
  readonly status: "installed" | "uninstalled";
  readonly connection: Connection | null;
  /** Connections that are not disconnected. */
  readonly connectionsCount: number;
};

/** Every shipped connector, and whether this workspace has it installed: has a connection that is not disconnected. */
export async function readCatalog(db: Database, workspaceId: string): Promise<CatalogEntry[]> {
  const counts = await db
    .selectFrom("connections")
    .select(["provider", (eb) => eb.fn.countAll<number>().as("count")])
    .where("workspace_id", "=", workspaceId)
    .where("status", "!=", "disconnected")
    .groupBy("provider")
    .execute();
  return Promise.all(
    CONNECTORS.map(async ({ provider, name, description }) => {
      const connectionsCount = Number(counts.find((row) => row.provider === provider)?.count ?? 0);
      const connection = await representativeConnection(db, workspaceId, provider);
      const status = connectionsCount > 0 ? "installed" : "uninstalled";
      return { provider, name, description, status, connection, connectionsCount } as const;
    }),
  );
}
