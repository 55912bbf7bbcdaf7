import { isUniqueViolation } from "../db/database-error.ts";
import type { DatabaseTransaction } from "../db/open.ts";
import type { ConnectionIdentity } from "../domain/connection.ts";
import { METADATA_PAIRS_MAX } from "../domain/connection-labels.ts";
import { OpenSendError } from "../domain/errors.ts";
import type { ConnectionRow } from "./connection-row.ts";

export const NO_IDENTITY: ConnectionIdentity = { externalId: null, metadata: {} };

/** Pairs to set, and names to remove (RFC 7396); null removes all. */
export type MetadataChange = Readonly<Record<string, string | null>> | null;

export function identityOf(row: Pick<ConnectionRow, "external_id" | "metadata">): ConnectionIdentity {
  return {
    externalId: row.external_id,
    metadata: row.metadata === null ? {} : (JSON.parse(row.metadata) as Record<string, string>),
  };
}

export function metadataColumn(metadata: ConnectionIdentity["metadata"]): string | null {
  return Object.keys(metadata).length === 0 ? null : JSON.stringify(metadata);
}

/**
 * Applies a change to the metadata (RFC 7396, section 2).
 *
 * @throws {OpenSendError} `validation_failed` when the result would have too many pairs.
 */
export function mergeMetadata(
  before: ConnectionIdentity["metadata"],
  change: MetadataChange,
): ConnectionIdentity["metadata"] {
  const pairs = new Map(change === null ? [] : Object.entries(before));
  for (const [key, value] of Object.entries(change ?? {})) {
    if (value === null) pairs.delete(key);
    else pairs.set(key, value);
  }
  if (pairs.size > METADATA_PAIRS_MAX) {
    const message = `With this change there would be ${pairs.size} pairs; there may be ${METADATA_PAIRS_MAX}. Remove some by setting them to null.`;
    throw new OpenSendError("validation_failed", `Not valid: \`metadata\`. ${message} Nothing was changed.`, {
      fields: [{ path: "metadata", message }],
    });
  }
  return Object.fromEntries(pairs);
}

/** Writes a connection's searchable metadata pairs, in the transaction that writes the connection. */
export async function writeMetadata(
  trx: DatabaseTransaction,
  { id, workspace_id }: Pick<ConnectionRow, "id" | "workspace_id">,
  metadata: ConnectionIdentity["metadata"],
): Promise<void> {
  await trx.deleteFrom("connection_metadata").where("connection_id", "=", id).execute();
  const pairs = Object.entries(metadata);
  if (pairs.length === 0) return;
  const rows = pairs.map(([key, value]) => ({ connection_id: id, key, workspace_id, value }));
  await trx.insertInto("connection_metadata").values(rows).execute();
}

/**
 * Runs a function that writes a connection with an external id.
 *
 * @throws {OpenSendError} `external_id_taken` when another connection has it.
 */
export async function refusingTakenId<Value>(
  externalId: string | null,
  write: () => Promise<Value>,
): Promise<Value> {
  try {
    return await write();
  } catch (error) {
    if (externalId === null || !isUniqueViolation(error)) throw error;
    throw externalIdTaken(error);
  }
}

export function externalIdTaken(cause?: unknown): OpenSendError {
  const detail =
    "Another connection of this workspace has that external_id. Choose another one, or disconnect that connection first. Nothing was changed.";
  const fields = [{ path: "external_id", message: "Another connection has this external_id." }];
  return new OpenSendError("external_id_taken", detail, {
    fields,
    ...(cause === undefined ? {} : { cause }),
  });
}
