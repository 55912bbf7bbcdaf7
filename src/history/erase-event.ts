import { emptyLog } from "../db/empty-log.ts";
import { offIndex } from "../db/off-index.ts";
import type { Database, DatabaseTransaction, Dialect } from "../db/open.ts";
import type { Transact } from "../db/transactor.ts";
import type { Actor } from "../domain/actor.ts";
import { OpenSendError } from "../domain/errors.ts";
import { logPending } from "../statistics/log-entry.ts";
import type { ChangeDeliveryDeps } from "./change-delivery.ts";
import { type EventDetail, eventNotFound, getEvent } from "./get-event.ts";

export type EraseEventDeps = Pick<
  ChangeDeliveryDeps,
  "db" | "dialect" | "now" | "recordAudit" | "publishChange"
> & {
  readonly queue: Pick<ChangeDeliveryDeps["queue"], "recall">;
  readonly erasing: {
    readonly transact: Transact;
    /** Deletes the inspector's requests for an event. Returns their ids. */
    readonly forgetInspected: (
      trx: DatabaseTransaction,
      workspaceId: string,
      eventId: string,
    ) => Promise<readonly string[]>;
  };
};

type Erased = {
  readonly cancelled: readonly { readonly id: string; readonly connection_id: string }[];
  readonly isChanged: boolean;
};

/**
 * Erases an event's payload permanently, with every copy of it: sent requests, receivers' responses, and the
 * inspector's copies. The event, its deliveries and their statuses stay. An attempt in flight ends and leaves its
 * status unchanged (`dispatch/drop-erased.ts`). Erasing again changes nothing.
 *
 * @throws {OpenSendError} `not_found`, `delivery_state` while deliveries are pending that must not be cancelled.
 */
export async function eraseEvent(
  deps: EraseEventDeps,
  actor: Actor,
  id: string,
  cancelsPending: boolean,
): Promise<EventDetail> {
  const { workspaceId } = actor;
  const { cancelled, isChanged } = await deps.erasing.transact((trx) =>
    erase(deps, trx, actor, id, cancelsPending),
  );
  if (isChanged) {
    await emptyLog(deps.db, deps.dialect);
    deps.publishChange(workspaceId, "event", [id]);
  }
  if (cancelled.length > 0) {
    deps.queue.recall([...new Set(cancelled.map((row) => row.connection_id))]);
    deps.publishChange(
      workspaceId,
      "delivery",
      cancelled.map((row) => row.id),
    );
  }
  return getEvent(deps, workspaceId, id);
}

async function erase(
  deps: EraseEventDeps,
  trx: DatabaseTransaction,
  actor: Actor,
  id: string,
  cancelsPending: boolean,
): Promise<Erased> {
  const { workspaceId } = actor;
  const now = deps.now();
  const event = await lockEvent(trx, deps.dialect, workspaceId, id);
  if (event === undefined) throw eventNotFound();
  const cancelled = await cancelPending(trx, workspaceId, id, now);
  if (cancelled.length > 0 && !cancelsPending) throw stillPending(cancelled.length);
  // An event that retention has emptied is still erased: the inspector's copies expire at another time.
  const isChanged = event.data_erased_at === null;
  if (!isChanged) return { cancelled, isChanged };
  await trx
    .updateTable("events")
    .set({ data: "", trace_context: null, data_erased_at: now })
    .where("workspace_id", "=", workspaceId)
    .where("id", "=", id)
    .execute();
  await deleteAttempts(trx, workspaceId, id);
  await deps.erasing.forgetInspected(trx, workspaceId, id);
  await deps.recordAudit(
    trx,
    {
      actor,
      action: "event.data_erased",
      target: { kind: "event", id },
      metadata: { type: event.type, cancelled_deliveries: cancelled.length },
    },
    now,
  );
  return { cancelled, isChanged };
}

/** Locked first, as when a delivery becomes due again, which then sees that there is nothing to send. */
async function lockEvent(trx: DatabaseTransaction, dialect: Dialect, workspaceId: string, id: string) {
  return trx
    .selectFrom("events")
    .select(["type", "data_erased_at"])
    .where("workspace_id", "=", workspaceId)
    .where("id", "=", id)
    .$if(dialect === "postgres", (query) => query.forNoKeyUpdate())
    .executeTakeFirst();
}

async function cancelPending(trx: DatabaseTransaction, workspaceId: string, eventId: string, now: number) {
  const cancelled = await trx
    .updateTable("deliveries")
    .set({
      status: "cancelled",
      next_attempt_at: null,
      replay_id: null,
      replayed_from: null,
      updated_at: now,
    })
    .where("event_id", "=", eventId)
    .where(offIndex("workspace_id"), "=", workspaceId)
    .where(offIndex("status"), "=", "pending")
    .returning(["id", "connection_id"])
    .execute();
  const changes = cancelled.map((row) => ({ workspaceId, connectionId: row.connection_id, change: -1 }));
  await logPending(trx, changes, now);
  return cancelled;
}

async function deleteAttempts(db: Database, workspaceId: string, eventId: string): Promise<void> {
  await db
    .deleteFrom("attempts")
    .where("delivery_id", "in", (eb) =>
      eb
        .selectFrom("deliveries")
        .select("id")
        .where("event_id", "=", eventId)
        .where(offIndex("workspace_id"), "=", workspaceId),
    )
    .execute();
}

function stillPending(count: number): OpenSendError {
  const [number, verb] = count === 1 ? ["1 delivery", "is"] : [`${count} deliveries`, "are"];
  return new OpenSendError(
    "delivery_state",
    `${number} of this event ${verb} pending, and could not be sent without its payload. Wait until none is, or add \`?cancel_pending=true\` to cancel them.`,
  );
}
