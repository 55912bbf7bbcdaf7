import { sql } from "kysely";
import type { Database, DatabaseTransaction, Dialect } from "../db/open.ts";
import type { Schema } from "../db/schema.ts";
import type { Actor } from "../domain/actor.ts";
import type { AuditEntry } from "../domain/audit-entry.ts";
import { heldUntil } from "../domain/connection-hold.ts";
import { OpenSendError } from "../domain/errors.ts";
import { canTransition } from "../domain/next-delivery-state.ts";
import type { PublishChange } from "../domain/publish-change.ts";
import { type StoreKey, storeNoKey } from "../idempotency/only-once.ts";
import { logPending } from "../statistics/log-entry.ts";
import { eventOfDelivery } from "./event-of-delivery.ts";
import { isOwnDelivery, ownDeliveriesOf } from "./own-deliveries.ts";
import {
  type DeliveryDetail,
  type DeliveryListing,
  deliveryNotFound,
  getDelivery,
} from "./read-deliveries.ts";

/** Dependencies of a person's actions on deliveries. */
export type ChangeDeliveryDeps = {
  readonly db: Database;
  readonly dialect: Dialect;
  readonly now: () => number;
  readonly recordAudit: (db: Database, entry: AuditEntry, now: number) => Promise<void>;
  readonly queue: {
    /** Lets a connection in strict order continue before the retry of its head is due. */
    readonly releaseHold: (trx: DatabaseTransaction, connectionId: string) => Promise<void>;
    readonly wake: (connectionIds: readonly string[]) => void;
    /** Called after the commit, when a worker may have buffered deliveries of these connections that are no longer due. */
    readonly recall: (connectionIds: readonly string[]) => void;
  };
  readonly publishChange: PublishChange;
  readonly sending: FindsSending;
};

/** Finds the deliveries that are in flight. */
export type FindsSending = {
  /** Whether this process is sending a delivery. */
  readonly here: (deliveryId: string) => boolean;
  /** Which of these another process is sending, according to the replies that arrive in time. */
  readonly elsewhere: (deliveries: readonly DeliveryListing[]) => Promise<ReadonlySet<string>>;
};

/**
 * Makes a delivery due immediately that has ended or waits for a later attempt. It keeps its attempts and its
 * `webhook-id`.
 *
 * @throws {OpenSendError} `not_found`, `not_connected`, `payload_deleted`, `delivery_state`.
 */
export async function retryDelivery(
  deps: ChangeDeliveryDeps,
  actor: Actor,
  id: string,
  storeKey: StoreKey = storeNoKey,
): Promise<DeliveryDetail> {
  const detail = await change(deps, actor, id, "delivery.retried", storeKey, async (trx, row, now) => {
    if (row.connection_status === "disconnected") throw disconnected();
    if (row.is_payload_deleted === 1) throw payloadDeleted(row.data_erased_at);
    if (row.trigger_kind === "test") throw cannotRetry("is a test, which is sent once");
    const dueAt = dueAtOf(row, now);
    if (row.status === "pending" && dueAt <= now) throw cannotRetry("is due already");
    if (row.status !== "pending" && !canTransition(row.status, "pending"))
      throw cannotRetry(`is ${row.status}`);
    if (row.ordered === 1) await deps.queue.releaseHold(trx, row.connection_id);
    return {
      status: "pending",
      trigger_kind: "manual",
      // In strict order a pending delivery keeps its place, which may be earlier.
      next_attempt_at: Math.min(row.next_attempt_at ?? now, now),
    };
  });
  deps.queue.wake([detail.connectionId]);
  return detail;
}

/**
 * Cancels a delivery that is pending or has failed. One in flight may still arrive; its status is then `delivered`.
 *
 * @throws {OpenSendError} `not_found`, `delivery_state`.
 */
export async function cancelDelivery(
  deps: ChangeDeliveryDeps,
  actor: Actor,
  id: string,
  storeKey: StoreKey = storeNoKey,
): Promise<DeliveryDetail> {
  const detail = await change(deps, actor, id, "delivery.cancelled", storeKey, async (_trx, row) => {
    if (row.trigger_kind === "test") throw cannotCancel("is a test, which is sent once");
    if (!canTransition(row.status, "cancelled")) throw cannotCancel(`is ${row.status}`);
    return { status: "cancelled", next_attempt_at: null, replay_id: null, replayed_from: null };
  });
  deps.queue.recall([detail.connectionId]);
  return detail;
}

type Row = NonNullable<Awaited<ReturnType<typeof readRow>>>;
type Columns = Pick<Schema["deliveries"], "status" | "next_attempt_at"> & Partial<Schema["deliveries"]>;

async function change(
  deps: ChangeDeliveryDeps,
  actor: Actor,
  id: string,
  action: "delivery.retried" | "delivery.cancelled",
  storeKey: StoreKey,
  decide: (trx: DatabaseTransaction, row: Row, now: number) => Promise<Columns>,
): Promise<DeliveryDetail> {
  const now = deps.now();
  await deps.db.transaction().execute(async (trx) => {
    await storeKey(trx, id);
    const row = await readRow(trx, deps.dialect, actor, id);
    if (row === undefined) throw deliveryNotFound();
    const columns = await decide(trx, row, now);
    const { numUpdatedRows } = await trx
      .updateTable("deliveries")
      .set({ ...columns, updated_at: now })
      .where("id", "=", id)
      .where("status", "=", row.status)
      .executeTakeFirst();
    if (numUpdatedRows === 0n) {
      throw new OpenSendError(
        "delivery_state",
        "This delivery is being changed by another right now. Read it and try again.",
      );
    }
    const change = Number(columns.status === "pending") - Number(row.status === "pending");
    const { workspaceId } = actor;
    await logPending(trx, [{ workspaceId, connectionId: row.connection_id, change }], now);
    const target = { kind: "delivery", id } as const;
    await deps.recordAudit(trx, { actor, action, target, metadata: { from: row.status } }, now);
  });
  deps.publishChange(actor.workspaceId, "delivery", [id]);
  return getDelivery(deps.db, actor.workspaceId, id, ownDeliveriesOf(actor));
}

/** Locks the event, so that its payload is not deleted while one of its deliveries becomes pending again. */
async function readRow(trx: DatabaseTransaction, dialect: Dialect, actor: Actor, id: string) {
  return trx
    .selectFrom("deliveries")
    .innerJoin("connections", "connections.id", "deliveries.connection_id")
    .innerJoin("events", eventOfDelivery)
    .select([
      "deliveries.status",
      "deliveries.trigger_kind",
      "deliveries.next_attempt_at",
      "deliveries.connection_id",
      "connections.status as connection_status",
      "connections.ordered",
      "connections.hold_until",
      "connections.hold_ms",
      "events.data_erased_at",
      sql<number>`case when events.data = '' then 1 else 0 end`.as("is_payload_deleted"),
    ])
    .where("deliveries.workspace_id", "=", actor.workspaceId)
    .where("deliveries.id", "=", id)
    .where(isOwnDelivery(ownDeliveriesOf(actor)))
    .$if(dialect === "postgres", (query) => query.forShare("events"))
    .executeTakeFirst();
}

/** When a delivery is due: in strict order the connection's hold applies too, until the retry of its head. */
function dueAtOf(row: Row, now: number): number {
  const hold = { until: row.hold_until, lengthMs: row.hold_ms };
  const holdUntil = row.ordered === 1 ? heldUntil(hold, now) : null;
  return Math.max(row.next_attempt_at ?? 0, holdUntil ?? 0);
}

function cannotRetry(reason: string): OpenSendError {
  return new OpenSendError(
    "delivery_state",
    `Only a delivery that was delivered, has failed or waits for a later attempt can be retried; this one ${reason}.`,
  );
}

function cannotCancel(reason: string): OpenSendError {
  return new OpenSendError(
    "delivery_state",
    `Only a pending or failed delivery can be cancelled; this one ${reason}.`,
  );
}

function payloadDeleted(erasedAt: number | null): OpenSendError {
  const how =
    erasedAt === null
      ? "has been deleted at the end of its retention time"
      : `was erased on ${new Date(erasedAt).toISOString()}`;
  return new OpenSendError(
    "payload_deleted",
    `The payload of this delivery's event ${how}, so there is nothing left to send. Send the event again from its source.`,
  );
}

function disconnected(): OpenSendError {
  return new OpenSendError(
    "not_connected",
    "The connection of this delivery is disconnected, so there is nothing to send to. Give it a webhook_url with PATCH, then retry.",
  );
}
