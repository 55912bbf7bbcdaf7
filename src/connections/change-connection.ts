import { isConflict, isUniqueViolation } from "../db/database-error.ts";
import type { DatabaseTransaction } from "../db/open.ts";
import type { Actor } from "../domain/actor.ts";
import type { AuditEntry } from "../domain/audit-entry.ts";
import type { Connection } from "../domain/connection.ts";
import { OpenSendError } from "../domain/errors.ts";
import type { JsonObject } from "../domain/json/json.ts";
import type { VersionCheck } from "../domain/version-check.ts";
import { type StoreKey, storeNoKey } from "../idempotency/only-once.ts";
import { externalIdTaken, identityOf, writeMetadata } from "./connection-identity.ts";
import { type ConnectionRow, selectConnections, toConnection } from "./connection-row.ts";
import type { IntegrationsDeps } from "./deps.ts";
import { connectionNotFound } from "./read.ts";
import { bumpRoutingVersion } from "./routing-version.ts";

/** Columns to write, and the audit entry; null when there is nothing to change. */
export type Change = {
  readonly columns: Partial<Omit<ConnectionRow, "id" | "workspace_id" | "version">>;
  readonly action: AuditEntry["action"];
  readonly metadata: JsonObject;
  /** Further changes in the same transaction. */
  readonly alongside?: (trx: DatabaseTransaction) => Promise<void>;
};

/**
 * Decides on a row only if the caller may act on its version.
 *
 * @throws {OpenSendError} `version_conflict`.
 */
export function ifCurrent(
  isCurrent: VersionCheck,
  decide: (row: ConnectionRow) => Change | null,
): (row: ConnectionRow) => Change | null {
  return (row) => {
    requireCurrent(isCurrent, { version: row.version, updatedAt: row.updated_at });
    return decide(row);
  };
}

/** @throws {OpenSendError} `version_conflict`. */
export function requireCurrent(
  isCurrent: VersionCheck,
  { version, updatedAt }: Pick<Connection, "version" | "updatedAt">,
): void {
  if (isCurrent(version)) return;
  const changedAt = new Date(updatedAt).toISOString();
  throw new OpenSendError(
    "version_conflict",
    `The connection was changed at ${changedAt} and is now version "${version}". Nothing was done. Read it again and repeat your change.`,
  );
}

/** For deadlocks, which PostgreSQL resolves by rolling back one of the transactions. */
const TRIES_MAX = 5;

/**
 * Every requested change of a connection goes through here: reads the row, decides, and writes only if no one wrote in
 * between, or else decides again on the newer row. Row and audit entry are one transaction. Prefetched deliveries are
 * recalled, so that everything sent from now on uses the new row. `decide` can throw to refuse, and can be called
 * again. `keep` stores the idempotency key, even if nothing changes.
 *
 * @throws {OpenSendError} `not_found`, `external_id_taken`, and whatever `decide` throws.
 */
export async function changeConnection(
  deps: IntegrationsDeps,
  actor: Actor,
  id: string,
  decide: (row: ConnectionRow) => Change | null,
  keep: StoreKey = storeNoKey,
): Promise<Connection> {
  for (let tries = 1; ; tries++) {
    const row = await selectConnections(deps.db)
      .selectAll("connections")
      .where("workspace_id", "=", actor.workspaceId)
      .where("id", "=", id)
      .executeTakeFirst();
    if (row === undefined) throw connectionNotFound();
    const change = decide(row);
    if (change === null) {
      if (keep !== storeNoKey) await deps.db.transaction().execute((trx) => keep(trx, id));
      return toConnection(row);
    }
    const now = deps.now();
    const written = {
      external_id: row.external_id,
      ...change.columns,
      version: row.version + 1,
      last_sync_at: now,
      updated_at: now,
    };
    try {
      await deps.db.transaction().execute(async (trx) => {
        await keep(trx, id);
        const { numUpdatedRows } = await trx
          .updateTable("connections")
          .set(written)
          .where("id", "=", id)
          .where("version", "=", row.version)
          .executeTakeFirst();
        if (numUpdatedRows === 0n) throw new ChangedMeanwhileError();
        if (change.columns.metadata !== undefined)
          await writeMetadata(trx, row, identityOf({ ...row, ...change.columns }).metadata);
        await bumpRoutingVersion(trx, actor.workspaceId);
        await change.alongside?.(trx);
        const target = { kind: "connection", id } as const;
        await deps.recordAudit(trx, { actor, action: change.action, target, metadata: change.metadata }, now);
      });
    } catch (error) {
      if (error instanceof ChangedMeanwhileError) continue;
      // `alongside` can deadlock with a commit of the worker.
      if (isConflict(error) && tries < TRIES_MAX) continue;
      if (isUniqueViolation(error) && written.external_id !== null) throw externalIdTaken(error);
      throw error;
    }
    deps.queue.recall([id]);
    deps.changes.publish(actor.workspaceId, "connection", [id]);
    // `alongside` can change all pending deliveries of the connection.
    if (change.alongside !== undefined) deps.changes.publishMany(actor.workspaceId);
    return toConnection({ ...row, ...written });
  }
}

/** Rolls back the transaction, to try again on the newer row. */
class ChangedMeanwhileError extends Error {
  override readonly name = "ChangedMeanwhileError";
}
