import { sql } from "kysely";
import { isAmong } from "../db/among.ts";
import { newId } from "../db/new-id.ts";
import { offIndex } from "../db/off-index.ts";
import type { DatabaseTransaction } from "../db/open.ts";
import type { Position } from "../db/paging.ts";
import { BackgroundWork } from "../db/turns.ts";
import type { Actor } from "../domain/actor.ts";
import type { AuditEntry } from "../domain/audit-entry.ts";
import { logPending } from "../statistics/log-entry.ts";
import type { ChangeDeliveryDeps } from "./change-delivery.ts";
import { ownDeliveriesOf } from "./own-deliveries.ts";
import { pageDeliveries } from "./page-deliveries.ts";
import type { DeliveryFilter } from "./read-filter.ts";

/** Rows per transaction, which takes some milliseconds and blocks everyone on the embedded database. */
const STEP_ROWS = 200;
/** Limits of one call in rows and time; callers with more call again. */
const CALL_ROWS_MAX = 10_000;
const CALL_MS_MAX = 5000;
const CANCELLABLE = ["pending", "failed"] as const;

/** How many deliveries one call has changed, and whether it stopped at its limit. */
export type ChangedMany = { readonly changed: number; readonly hasMore: boolean };

type AuditOf = Pick<AuditEntry, "action" | "target" | "metadata">;
type Step = (positions: readonly Position[], entryOf: (count: number) => AuditEntry) => Promise<number>;

/**
 * Cancels the deliveries of a filter that are pending or have failed, oldest first. One in flight may still arrive; its
 * status is then `delivered`.
 */
export async function cancelMany(
  deps: ChangeDeliveryDeps,
  actor: Actor,
  requested: DeliveryFilter,
  audit: AuditOf,
): Promise<ChangedMany> {
  const statuses = CANCELLABLE.filter((status) => requested.statuses?.includes(status) ?? true);
  const step: Step = (positions, entryOf) => cancelStep(deps, actor.workspaceId, positions, entryOf);
  return changeInSteps(deps, actor, { ...requested, statuses }, { ...audit, countedAs: "cancelled" }, step);
}

/**
 * Makes pending deliveries of a filter that wait for a later attempt due immediately, oldest first, except for
 * connections in strict order, where the head of the queue comes first.
 */
export async function retryPendingMany(
  deps: ChangeDeliveryDeps,
  actor: Actor,
  requested: DeliveryFilter,
  audit: AuditOf,
): Promise<ChangedMany> {
  const filter = { ...requested, statuses: ["pending"] as const, own: ownDeliveriesOf(actor) };
  const step: Step = (positions, entryOf) => bringForwardStep(deps, actor.workspaceId, positions, entryOf);
  return changeInSteps(deps, actor, filter, { ...audit, countedAs: "retried" }, step);
}

/**
 * Processes deliveries that existed when the call began, each step in its own transaction. One audit entry keeps the
 * count.
 */
async function changeInSteps(
  deps: ChangeDeliveryDeps,
  actor: Actor,
  requested: DeliveryFilter,
  { countedAs, ...audit }: AuditOf & { readonly countedAs: string },
  step: Step,
): Promise<ChangedMany> {
  const { workspaceId } = actor;
  const begunAt = deps.now();
  const startedMs = performance.now();
  const filter = {
    ...requested,
    createdBefore: Math.min(requested.createdBefore ?? begunAt + 1, begunAt + 1),
  };
  const entryId = newId();
  const work = new BackgroundWork(workspaceId);
  let changed = 0;
  let after: Position | null = null;
  for (let isFirst = true; ; isFirst = false) {
    if (!isFirst) await work.nextStep();
    const page = { limit: STEP_ROWS, after, direction: "asc" } as const;
    const found = await pageDeliveries(deps, workspaceId, filter, page);
    if (found.rows.length > 0) {
      const before = changed;
      const entryOf = (count: number): AuditEntry => ({
        ...audit,
        id: entryId,
        actor,
        metadata: { ...audit.metadata, [countedAs]: before + count },
      });
      changed += await step(found.rows, entryOf);
    }
    after = found.stoppedAt ?? found.rows.at(-1) ?? null;
    const isAtLimit = changed >= CALL_ROWS_MAX || performance.now() - startedMs > CALL_MS_MAX;
    if (!found.hasMore || isAtLimit) return { changed, hasMore: found.hasMore };
  }
}

async function cancelStep(
  deps: ChangeDeliveryDeps,
  workspaceId: string,
  positions: readonly Position[],
  entryOf: (count: number) => AuditEntry,
): Promise<number> {
  const now = deps.now();
  const ids = positions.map(({ id }) => id);
  const changed = await deps.db.transaction().execute(async (trx) => {
    const pending = await cancelThose(deps, trx, ids, "pending", now);
    const failed = await cancelThose(deps, trx, ids, "failed", now);
    const changes = pending.map(({ connectionId }) => ({ workspaceId, connectionId, change: -1 }));
    await logPending(trx, changes, now);
    const all = [...pending, ...failed];
    if (all.length > 0) await deps.recordAudit(trx, entryOf(all.length), now);
    return all;
  });
  if (changed.length === 0) return 0;
  deps.queue.recall([...new Set(changed.map(({ connectionId }) => connectionId))]);
  deps.publishChange(
    workspaceId,
    "delivery",
    changed.map(({ id }) => id),
  );
  return changed.length;
}

/** Checks the status again. Tests are left out: they are sent once, and end by themselves. */
async function cancelThose(
  { dialect }: ChangeDeliveryDeps,
  trx: DatabaseTransaction,
  ids: readonly string[],
  status: (typeof CANCELLABLE)[number],
  now: number,
): Promise<readonly { readonly id: string; readonly connectionId: string }[]> {
  return trx
    .updateTable("deliveries")
    .set({
      status: "cancelled",
      next_attempt_at: null,
      replay_id: null,
      replayed_from: null,
      updated_at: now,
    })
    .where((eb) => isAmong(dialect, eb.ref("id"), ids))
    .where(offIndex("status"), "=", status)
    .where("trigger_kind", "!=", "test")
    .returning(["id", "connection_id as connectionId"])
    .execute();
}

async function bringForwardStep(
  deps: ChangeDeliveryDeps,
  workspaceId: string,
  positions: readonly Position[],
  entryOf: (count: number) => AuditEntry,
): Promise<number> {
  const now = deps.now();
  const ids = positions.map(({ id }) => id);
  const rows = await deps.db.transaction().execute(async (trx) => {
    const changed = await bringForward(deps, trx, workspaceId, ids, now);
    if (changed.length > 0) await deps.recordAudit(trx, entryOf(changed.length), now);
    return changed;
  });
  if (rows.length === 0) return 0;
  deps.publishChange(
    workspaceId,
    "delivery",
    rows.map(({ id }) => id),
  );
  deps.queue.wake([...new Set(rows.map(({ connectionId }) => connectionId))]);
  return rows.length;
}

async function bringForward(
  { dialect }: ChangeDeliveryDeps,
  trx: DatabaseTransaction,
  workspaceId: string,
  ids: readonly string[],
  now: number,
): Promise<readonly { readonly id: string; readonly connectionId: string }[]> {
  return trx
    .updateTable("deliveries")
    .set({ next_attempt_at: now, trigger_kind: "manual", updated_at: now })
    .where((eb) => isAmong(dialect, eb.ref("id"), ids))
    .where(offIndex("workspace_id"), "=", workspaceId)
    .where(offIndex("status"), "=", "pending")
    .where("trigger_kind", "!=", "test")
    .where(sql`next_attempt_at + 0`, ">", now)
    .where((eb) =>
      eb.exists(
        eb
          .selectFrom("connections")
          .select("connections.id")
          .whereRef("connections.id", "=", "deliveries.connection_id")
          .where("connections.ordered", "=", 0),
      ),
    )
    .returning(["id", "connection_id as connectionId"])
    .execute();
}
