import type { Database } from "../db/open.ts";
import type { ActingKey, Actor } from "../domain/actor.ts";
import type { Connection } from "../domain/connection.ts";
import { OpenSendError } from "../domain/errors.ts";
import { anyVersion, type VersionCheck } from "../domain/version-check.ts";
import { selectConnections, toConnection } from "./connection-row.ts";
import type { IntegrationsDeps } from "./deps.ts";
import { disconnect } from "./disconnect.ts";
import { DISCONNECTED, LIVE } from "./walk-connections.ts";

/** The reader of connections: a workspace, and for an API key, its limits. */
export type ConnectionReader = { readonly workspaceId: string; readonly key?: ActingKey };

/** The connection with an external id, unless it is disconnected. At most one exists. */
export async function findByExternalId(
  db: Database,
  workspaceId: string,
  externalId: string,
): Promise<Connection | null> {
  const row = await selectConnections(db)
    .where("workspace_id", "=", workspaceId)
    .where("external_id", "=", externalId)
    .where(LIVE)
    .executeTakeFirst();
  return row === undefined ? null : toConnection(row);
}

/** @throws {OpenSendError} `not_found` when there is none that the reader may see. */
export async function getByExternalId(
  db: Database,
  reader: ConnectionReader,
  externalId: string,
): Promise<Connection> {
  const found = await findByExternalId(db, reader.workspaceId, externalId);
  if (found === null || !maySee(reader, found)) throw externalIdNotFound();
  return found;
}

/**
 * Disconnects the connection with an external id. Repeating the call changes nothing.
 *
 * @throws {OpenSendError} `not_found`, `version_conflict`.
 */
export async function disconnectByExternalId(
  deps: IntegrationsDeps,
  actor: Actor,
  externalId: string,
  isCurrent: VersionCheck = anyVersion,
): Promise<Connection> {
  const { workspaceId } = actor;
  const live = await findByExternalId(deps.db, workspaceId, externalId);
  if (live !== null && !maySee(actor, live)) throw externalIdNotFound();
  const found = live ?? (await findDisconnected(deps.db, actor, externalId));
  if (found === null) throw externalIdNotFound();
  return disconnect(deps, actor, found.id, isCurrent);
}

/** The newest disconnected connection that had the id, among those the reader may see. */
async function findDisconnected(
  db: Database,
  { workspaceId, key }: ConnectionReader,
  externalId: string,
): Promise<Connection | null> {
  let query = selectConnections(db)
    .where("workspace_id", "=", workspaceId)
    .where("external_id", "=", externalId)
    .where(DISCONNECTED);
  if (key?.isConfined === true) query = query.where("owner_key_id", "=", key.ownerId);
  const row = await query.orderBy("created_at", "desc").orderBy("id", "desc").limit(1).executeTakeFirst();
  return row === undefined ? null : toConnection(row);
}

/** Whether the reader may see a connection; some keys see only their own. */
export function maySee({ key }: ConnectionReader, { ownerKeyId }: Pick<Connection, "ownerKeyId">): boolean {
  return key?.isConfined !== true || ownerKeyId === key.ownerId;
}

function externalIdNotFound(): OpenSendError {
  return new OpenSendError(
    "not_found",
    "No connection of this workspace has that external_id, or this key may not see it. A disconnected connection is found by its id alone.",
  );
}
