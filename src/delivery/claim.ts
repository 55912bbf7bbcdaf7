import type { AttemptTrigger } from "../core/delivery.ts";
import type { Receiver } from "../core/detect-receiver.ts";
import type { DatabaseTransaction } from "../store/open.ts";
import type { DeliveryDeps } from "./deps.ts";

/** A lease outlives the whole-request deadline, with room for a slow commit. */
const LEASE_BEYOND_DEADLINE_MS = 15_000;

/** A delivery under this process's lease, with all that sending it takes. */
export type ClaimedDelivery = {
  readonly id: string;
  readonly workspaceId: string;
  readonly connectionId: string;
  readonly provider: string;
  readonly trigger: AttemptTrigger;
  readonly attemptNumber: number;
  readonly event: {
    readonly id: string;
    readonly type: string;
    readonly createdAt: number;
    readonly dataJson: string;
  };
  /** Null when the connection was disconnected in between. */
  readonly sealedCredentials: string | null;
  readonly endpoint: { readonly host: string; readonly preview: string; readonly receiver: Receiver };
};

/** Takes one pending delivery under a lease, or returns null when it is no longer pending. */
export async function claim(
  deps: Pick<DeliveryDeps, "workerId" | "deadlineMs">,
  trx: DatabaseTransaction,
  deliveryId: string,
  now: number,
): Promise<ClaimedDelivery | null> {
  const { numUpdatedRows } = await trx
    .updateTable("deliveries")
    .set({
      status: "delivering",
      lease_holder: deps.workerId,
      lease_expires_at: now + deps.deadlineMs + LEASE_BEYOND_DEADLINE_MS,
      updated_at: now,
    })
    .where("id", "=", deliveryId)
    .where("status", "=", "pending")
    .executeTakeFirst();
  return numUpdatedRows === 0n ? null : readClaimed(trx, deliveryId);
}

async function readClaimed(trx: DatabaseTransaction, deliveryId: string): Promise<ClaimedDelivery> {
  const row = await trx
    .selectFrom("deliveries")
    .innerJoin("events", "events.id", "deliveries.event_id")
    .innerJoin("connections", "connections.id", "deliveries.connection_id")
    .select([
      "deliveries.id",
      "deliveries.workspace_id",
      "deliveries.connection_id",
      "deliveries.trigger_kind",
      "deliveries.attempt_count",
      "events.id as event_id",
      "events.type",
      "events.created_at",
      "events.data",
      "connections.provider",
      "connections.sealed_credentials",
      "connections.endpoint_host",
      "connections.endpoint_preview",
      "connections.receiver",
    ])
    .where("deliveries.id", "=", deliveryId)
    .executeTakeFirstOrThrow();
  return {
    id: row.id,
    workspaceId: row.workspace_id,
    connectionId: row.connection_id,
    provider: row.provider,
    trigger: row.trigger_kind,
    attemptNumber: row.attempt_count + 1,
    event: { id: row.event_id, type: row.type, createdAt: row.created_at, dataJson: row.data },
    sealedCredentials: row.sealed_credentials,
    endpoint: { host: row.endpoint_host, preview: row.endpoint_preview, receiver: row.receiver },
  };
}
