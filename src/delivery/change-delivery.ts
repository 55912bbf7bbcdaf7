import type { Actor } from "../core/actor.ts";
import type { AuditEntry } from "../core/audit-entry.ts";
import type { DeliveryStatus } from "../core/delivery.ts";
import { OpenSendError } from "../core/errors.ts";
import { canMove } from "../core/next-delivery-state.ts";
import type { Database } from "../store/open.ts";
import { type DeliveryDetail, deliveryNotFound, getDelivery } from "./read-deliveries.ts";

/** What a person's verbs about a delivery call. */
export type ChangeDeliveryDeps = {
  readonly db: Database;
  readonly now: () => number;
  readonly recordAudit: (db: Database, entry: AuditEntry, now: number) => Promise<void>;
  readonly wake: (connectionIds: readonly string[]) => void;
};

/**
 * Makes a delivery that has ended due again at once. It keeps its attempts and its `webhook-id`.
 *
 * @throws {OpenSendError} `not_found`, `not_connected`, `delivery_state`.
 */
export async function retryDelivery(
  deps: ChangeDeliveryDeps,
  actor: Actor,
  id: string,
): Promise<DeliveryDetail> {
  const now = deps.now();
  const detail = await move(deps, actor, id, {
    to: "pending",
    action: "delivery.retried",
    columns: { trigger_kind: "manual", next_attempt_at: now },
    refusal: "Only a delivery that was delivered or has failed can be retried",
  });
  deps.wake([detail.connectionId]);
  return detail;
}

/**
 * Cancels a delivery that is owed or has failed.
 *
 * @throws {OpenSendError} `not_found`, `delivery_state`.
 */
export async function cancelDelivery(
  deps: ChangeDeliveryDeps,
  actor: Actor,
  id: string,
): Promise<DeliveryDetail> {
  return move(deps, actor, id, {
    to: "cancelled",
    action: "delivery.cancelled",
    columns: { next_attempt_at: null },
    refusal: "Only a pending or failed delivery can be cancelled",
  });
}

async function move(
  deps: ChangeDeliveryDeps,
  actor: Actor,
  id: string,
  change: {
    readonly to: DeliveryStatus;
    readonly action: "delivery.retried" | "delivery.cancelled";
    readonly columns: { readonly trigger_kind?: "manual"; readonly next_attempt_at: number | null };
    readonly refusal: string;
  },
): Promise<DeliveryDetail> {
  const now = deps.now();
  await deps.db.transaction().execute(async (trx) => {
    const row = await trx
      .selectFrom("deliveries")
      .innerJoin("connections", "connections.id", "deliveries.connection_id")
      .select(["deliveries.status", "deliveries.trigger_kind", "connections.status as connection_status"])
      .where("deliveries.workspace_id", "=", actor.workspaceId)
      .where("deliveries.id", "=", id)
      .executeTakeFirst();
    if (row === undefined) throw deliveryNotFound();
    const refuse = (status: string) =>
      new OpenSendError("delivery_state", `${change.refusal}; this one is ${status}.`);
    if (change.to === "pending" && row.connection_status === "disconnected") throw disconnected();
    if (row.trigger_kind === "test") throw refuse("a test, which is sent once");
    if (!canMove(row.status, change.to)) throw refuse(row.status);
    const { numUpdatedRows } = await trx
      .updateTable("deliveries")
      .set({ ...change.columns, status: change.to, updated_at: now })
      .where("id", "=", id)
      .where("status", "=", row.status)
      .executeTakeFirst();
    if (numUpdatedRows === 0n) throw refuse("being changed by another request right now");
    const target = { kind: "delivery", id } as const;
    await deps.recordAudit(
      trx,
      { actor, action: change.action, target, metadata: { from: row.status } },
      now,
    );
  });
  return getDelivery(deps.db, actor.workspaceId, id);
}

function disconnected(): OpenSendError {
  return new OpenSendError(
    "not_connected",
    "The connection of this delivery is disconnected, so there is nothing to send to. Give it a webhook_url with PATCH, then retry.",
  );
}
