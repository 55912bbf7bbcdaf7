import { randomBytes } from "node:crypto";
import { UnsealError } from "../crypto/seal.ts";
import { isUniqueViolation } from "../db/database-error.ts";
import type { Database } from "../db/open.ts";
import type { Actor } from "../domain/actor.ts";
import type { Connection, Credentials } from "../domain/connection.ts";
import { inspectorUrl } from "../domain/inspector.ts";
import { insertConnection, newConnectionRow } from "./connect.ts";
import { selectConnections, toConnection } from "./connection-row.ts";
import type { IntegrationsDeps } from "./deps.ts";
import { openCredentials } from "./endpoint.ts";

const NAME = "Built-in inspector";
/** Standard Webhooks 1.0.0, "Symmetric": between 24 and 64 bytes. */
const SECRET_BYTES = 32;

/** The connection to the workspace's inspector, unless it is disconnected. At most one exists. */
export async function findInspectorConnection(db: Database, workspaceId: string): Promise<Connection | null> {
  const row = await selectConnections(db)
    .where("workspace_id", "=", workspaceId)
    .where("receiver", "=", "inspector")
    .where("status", "!=", "disconnected")
    .executeTakeFirst();
  return row === undefined ? null : toConnection(row);
}

/**
 * Connects the built-in inspector with a generated signing secret that is never shown, or returns the existing
 * connection. Only this function can use the inspector's URL: typed in, it is refused like any name that does not
 * resolve.
 */
export async function connectInspector(
  deps: IntegrationsDeps,
  actor: Actor,
): Promise<{ connection: Connection; isNew: boolean }> {
  const { workspaceId } = actor;
  const known = await findInspectorConnection(deps.db, workspaceId);
  if (known !== null) return { connection: known, isNew: false };
  const input = {
    provider: "webhook",
    name: NAME,
    description: null,
    eventTypes: ["*"],
    limits: {},
  };
  const credentials = { webhookUrl: inspectorUrl(workspaceId).href, signingSecret: createSigningSecret() };
  const row = newConnectionRow(deps, actor, input, credentials);
  try {
    await deps.db.transaction().execute((trx) => insertConnection(deps, trx, actor, row));
  } catch (error) {
    const winner = isUniqueViolation(error) ? await findInspectorConnection(deps.db, workspaceId) : null;
    if (winner === null) throw error;
    return { connection: winner, isNew: false };
  }
  deps.changes.publish(workspaceId, "connection", [row.id]);
  return { connection: toConnection({ ...row, pending_count: 0 }), isNew: true };
}

/** The inspector's connection with its credentials, which are null when none of the available keys opens them. */
export async function openInspectorConnection(
  { db, keyring }: Pick<IntegrationsDeps, "db" | "keyring">,
  workspaceId: string,
): Promise<{ readonly connectionId: string; readonly credentials: Credentials | null } | null> {
  const row = await db
    .selectFrom("connections")
    .select(["id", "sealed_credentials"])
    .where("workspace_id", "=", workspaceId)
    .where("receiver", "=", "inspector")
    .where("status", "!=", "disconnected")
    .executeTakeFirst();
  if (row === undefined || row.sealed_credentials === null) return null;
  const binding = { workspaceId, connectionId: row.id };
  try {
    return { connectionId: row.id, credentials: openCredentials(keyring, binding, row.sealed_credentials) };
  } catch (error) {
    if (!(error instanceof UnsealError)) throw error;
    return { connectionId: row.id, credentials: null };
  }
}

/**
 * Generates a secret in the format of Standard Webhooks. No one needs to know it: the inspector verifies in this
 * process.
 */
function createSigningSecret(): string {
  return `whsec_${randomBytes(SECRET_BYTES).toString("base64")}`;
}
