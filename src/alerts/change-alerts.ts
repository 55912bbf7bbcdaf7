import { newId } from "../db/new-id.ts";
import type { Database, DatabaseTransaction } from "../db/open.ts";
import type { Actor } from "../domain/actor.ts";
import { ALERT_THRESHOLDS } from "../domain/alert.ts";
import type { AuditAction, AuditEntry } from "../domain/audit-entry.ts";
import { type FieldError, OpenSendError } from "../domain/errors.ts";
import { type Alert, type AlertInput, inputColumns, toAlert } from "./alert-row.ts";
import { alertNotFound } from "./read-alerts.ts";

/** More alerts than this are hardly read. */
const ALERTS_MAX = 50;

export type AlertDeps = {
  readonly db: Database;
  readonly now: () => number;
  readonly recordAudit: (db: Database, entry: AuditEntry, now: number) => Promise<void>;
};

/** @throws {OpenSendError} `validation_failed`, `limit_reached`. */
export async function createAlert(deps: AlertDeps, actor: Actor, input: AlertInput): Promise<Alert> {
  const { workspaceId } = actor;
  const now = deps.now();
  return deps.db.transaction().execute(async (trx) => {
    await requireValid(trx, workspaceId, input);
    await requireCapacity(trx, workspaceId);
    const row = {
      ...inputColumns(input),
      id: newId(),
      workspace_id: workspaceId,
      raised_at: null,
      recovered_at: null,
      created_at: now,
      updated_at: now,
    };
    await trx.insertInto("alerts").values(row).execute();
    const alert = toAlert(row);
    await audit(deps, trx, actor, "alert.created", alert);
    return alert;
  });
}

/**
 * Changes an alert. If it now watches for something else, its earlier notices no longer count.
 *
 * @throws {OpenSendError} `not_found`, `validation_failed`.
 */
export async function updateAlert(
  deps: AlertDeps,
  actor: Actor,
  id: string,
  changes: Partial<AlertInput>,
): Promise<Alert> {
  return deps.db.transaction().execute(async (trx) => {
    const before = await lockAlert(trx, actor.workspaceId, id, deps.now());
    const input: AlertInput = { ...before, ...changes };
    await requireValid(trx, actor.workspaceId, input);
    await trx.updateTable("alerts").set(inputColumns(input)).where("id", "=", id).execute();
    const restartsEvaluation = input.condition !== before.condition || (input.isEnabled && !before.isEnabled);
    if (restartsEvaluation) await trx.deleteFrom("alert_states").where("alert_id", "=", id).execute();
    const alert = { ...before, ...input, updatedAt: deps.now() };
    await audit(deps, trx, actor, "alert.updated", alert);
    return alert;
  });
}

/** @throws {OpenSendError} `not_found`. */
export async function deleteAlert(deps: AlertDeps, actor: Actor, id: string): Promise<void> {
  await deps.db.transaction().execute(async (trx) => {
    const alert = await lockAlert(trx, actor.workspaceId, id, deps.now());
    await trx.deleteFrom("alerts").where("id", "=", id).execute();
    await audit(deps, trx, actor, "alert.deleted", alert);
  });
}

/** The update locks the row, so that the second of two concurrent changes sees the first. */
async function lockAlert(
  trx: DatabaseTransaction,
  workspaceId: string,
  id: string,
  now: number,
): Promise<Alert> {
  const row = await trx
    .updateTable("alerts")
    .set({ updated_at: now })
    .where("workspace_id", "=", workspaceId)
    .where("id", "=", id)
    .returningAll()
    .executeTakeFirst();
  if (row === undefined) throw alertNotFound();
  return toAlert(row);
}

async function requireCapacity(trx: DatabaseTransaction, workspaceId: string): Promise<void> {
  const found = await trx
    .selectFrom("alerts")
    .select("id")
    .where("workspace_id", "=", workspaceId)
    .limit(ALERTS_MAX)
    .execute();
  if (found.length < ALERTS_MAX) return;
  throw new OpenSendError(
    "limit_reached",
    `The workspace has ${ALERTS_MAX} alerts, which is the most. Delete one that is not needed.`,
  );
}

async function requireValid(trx: DatabaseTransaction, workspaceId: string, input: AlertInput): Promise<void> {
  const fields: FieldError[] = [];
  const threshold = thresholdFault(input);
  if (threshold !== null) fields.push({ path: "threshold", message: threshold });
  if (input.condition === "no_events" && input.connectionIds !== null) {
    const message = "Must be null: no_events is about the workspace as a whole.";
    fields.push({ path: "connection_ids", message });
  }
  if (input.memberIds.length === 0 && input.notifyConnectionId === null) {
    fields.push({ path: "member_ids", message: "Name a member to mail, or a connection to notify." });
  }
  fields.push(...(await findUnknown(trx, workspaceId, input)));
  if (fields.length === 0) return;
  throw new OpenSendError("validation_failed", "The alert is not valid. See `errors` for each field.", {
    fields,
  });
}

function thresholdFault({ condition, threshold }: AlertInput): string | null {
  const range = ALERT_THRESHOLDS[condition];
  if (range === null) return threshold === null ? null : `Must be null for ${condition}.`;
  if (threshold !== null && threshold >= range.min && threshold <= range.max) return null;
  return `Must be a number of ${range.unit} from ${range.min} to ${range.max}.`;
}

async function findUnknown(
  trx: DatabaseTransaction,
  workspaceId: string,
  { connectionIds, memberIds, notifyConnectionId }: AlertInput,
): Promise<FieldError[]> {
  const fields: FieldError[] = [];
  const connections = await knownIds(trx, "connections", workspaceId, [
    ...(connectionIds ?? []),
    ...(notifyConnectionId === null ? [] : [notifyConnectionId]),
  ]);
  const members = await knownIds(trx, "members", workspaceId, memberIds);
  const message = (what: string) => `This workspace has no ${what} with this id.`;
  for (const [index, id] of (connectionIds ?? []).entries()) {
    if (!connections.has(id))
      fields.push({ path: `connection_ids.${index}`, message: message("connection") });
  }
  for (const [index, id] of memberIds.entries()) {
    if (!members.has(id)) fields.push({ path: `member_ids.${index}`, message: message("member") });
  }
  if (notifyConnectionId !== null && !connections.has(notifyConnectionId)) {
    fields.push({ path: "notify_connection_id", message: message("connection") });
  }
  return fields;
}

async function knownIds(
  trx: DatabaseTransaction,
  table: "connections" | "members",
  workspaceId: string,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set();
  const rows = await trx
    .selectFrom(table)
    .select("id")
    .where("workspace_id", "=", workspaceId)
    .where("id", "in", ids)
    .execute();
  return new Set(rows.map(({ id }) => id));
}

async function audit(
  { recordAudit, now }: AlertDeps,
  trx: DatabaseTransaction,
  actor: Actor,
  action: Extract<AuditAction, `alert.${string}`>,
  { id, name, condition }: Alert,
): Promise<void> {
  await recordAudit(
    trx,
    { actor, action, target: { kind: "alert", id }, metadata: { name, condition } },
    now(),
  );
}
