import type { Database } from "../db/open.ts";
import type { Actor } from "../domain/actor.ts";
import type { AuditEntry } from "../domain/audit-entry.ts";
import { OpenSendError } from "../domain/errors.ts";
import {
  effectiveRetentionDays,
  findRetentionDaysFaults,
  type OwnRetentionDays,
  type RetentionDays,
} from "../domain/retention-days.ts";

import { anyVersion, type VersionCheck } from "../domain/version-check.ts";

/** Dependencies of the operations on workspace settings. */
export type WorkspaceSettingsDeps = {
  readonly db: Database;
  readonly now: () => number;
  readonly recordAudit: (db: Database, entry: AuditEntry, now: number) => Promise<void>;
  /** The instance's retention in days, which no workspace may exceed. */
  readonly retentionLimits: RetentionDays;
};

/** A workspace's settings. Times are epoch milliseconds. */
export type WorkspaceSettings = {
  readonly id: string;
  readonly name: string;
  readonly createdAt: number;
  readonly retentionDays: OwnRetentionDays;
  readonly version: number;
};

/** Fields to change; those left out stay as they are. Null days use the server default. */
export type WorkspaceChange = {
  readonly name?: string;
  readonly retentionDays?: Partial<OwnRetentionDays>;
};

export async function readWorkspaceSettings(db: Database, workspaceId: string): Promise<WorkspaceSettings> {
  const row = await db
    .selectFrom("workspaces")
    .select(["id", "name", "created_at", "payload_retention_days", "status_retention_days", "version"])
    .where("id", "=", workspaceId)
    .executeTakeFirstOrThrow();
  return {
    id: row.id,
    name: row.name,
    createdAt: new Date(row.created_at).getTime(),
    retentionDays: { payloadDays: row.payload_retention_days, statusDays: row.status_retention_days },
    version: row.version,
  };
}

/**
 * Changes the caller's workspace: reads, decides, writes only if no one wrote in between, or else decides again.
 *
 * @throws {OpenSendError} `version_conflict`, `validation_failed`.
 */
export async function updateWorkspaceSettings(
  deps: WorkspaceSettingsDeps,
  actor: Actor,
  change: WorkspaceChange,
  isCurrent: VersionCheck = anyVersion,
): Promise<WorkspaceSettings> {
  for (;;) {
    const before = await readWorkspaceSettings(deps.db, actor.workspaceId);
    if (!isCurrent(before.version)) throw versionConflict();
    const after = decide(deps.retentionLimits, before, change);
    const changed = namesOfChanged(before, after);
    if (changed.length === 0) return before;
    const written = await deps.db.transaction().execute(async (trx) => {
      const { numUpdatedRows } = await trx
        .updateTable("workspaces")
        .set({
          name: after.name,
          payload_retention_days: after.retentionDays.payloadDays,
          status_retention_days: after.retentionDays.statusDays,
          version: after.version,
        })
        .where("id", "=", before.id)
        .where("version", "=", before.version)
        .executeTakeFirst();
      if (numUpdatedRows === 0n) return false;
      const target = { kind: "workspace", id: before.id } as const;
      const effective = effectiveRetentionDays(deps.retentionLimits, after.retentionDays);
      const metadata = {
        name: after.name,
        changed,
        payload_days: effective.payloadDays,
        status_days: effective.statusDays,
      };
      await deps.recordAudit(trx, { actor, action: "workspace.updated", target, metadata }, deps.now());
      return true;
    });
    if (written) return after;
  }
}

function decide(
  limits: RetentionDays,
  before: WorkspaceSettings,
  change: WorkspaceChange,
): WorkspaceSettings {
  const retentionDays = { ...before.retentionDays, ...change.retentionDays };
  // Days above a limit that the operator has since lowered must not prevent a rename.
  const faults = change.retentionDays === undefined ? [] : findRetentionDaysFaults(limits, retentionDays);
  if (faults.length > 0) {
    const fields = faults.map(({ part, message }) => ({ path: PATHS[part], message }));
    const detail = `The retention is not accepted. ${fields.map(({ message }) => message).join(" ")}`;
    throw new OpenSendError("validation_failed", detail, { fields });
  }
  return { ...before, name: change.name ?? before.name, retentionDays, version: before.version + 1 };
}

const PATHS = { payloadDays: "retention.payload_days", statusDays: "retention.status_days" } as const;

function namesOfChanged(before: WorkspaceSettings, after: WorkspaceSettings): string[] {
  return [
    ...(before.name === after.name ? [] : ["name"]),
    ...(before.retentionDays.payloadDays === after.retentionDays.payloadDays ? [] : ["payload_retention"]),
    ...(before.retentionDays.statusDays === after.retentionDays.statusDays ? [] : ["status_retention"]),
  ];
}

function versionConflict(): OpenSendError {
  return new OpenSendError(
    "version_conflict",
    "Someone else has changed the workspace since. Read it again, apply your change and repeat it with its new ETag.",
  );
}
