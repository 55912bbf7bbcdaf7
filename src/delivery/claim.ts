import type { AttemptTrigger } from "../core/delivery.ts";
import type { Receiver } from "../core/detect-receiver.ts";
import type { ClaimedRow } from "../store/hot-statements.ts";
import type { DatabaseTransaction } from "../store/open.ts";
import type { DeliveryDeps } from "./deps.ts";

/** A lease outlives the whole-request deadline, with room for a slow commit. */
const LEASE_BEYOND_DEADLINE_MS = 15_000;

/** In flight at once for one connection. */
const IN_FLIGHT_A_CONNECTION_MAX = 10;

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
  /** Start of the receiver's unbroken run of failures, null when it last succeeded. */
  readonly firstFailureAt: number | null;
};

type ClaimDeps = Pick<DeliveryDeps, "workerId" | "deadlineMs">;

/** Takes one pending delivery under a lease, or returns null when it is no longer pending. */
export async function claimOne(
  deps: ClaimDeps,
  trx: DatabaseTransaction,
  deliveryId: string,
  now: number,
): Promise<ClaimedDelivery | null> {
  const row = await trx
    .updateTable("deliveries")
    .set({
      status: "delivering",
      lease_holder: deps.workerId,
      lease_expires_at: leaseEnd(deps, now),
      updated_at: now,
    })
    .where("id", "=", deliveryId)
    .where("status", "=", "pending")
    .returning(["id", "workspace_id", "connection_id", "event_id", "trigger_kind", "attempt_count"])
    .executeTakeFirst();
  if (row === undefined) return null;
  const [claimed] = await readClaimed(trx, [row]);
  return claimed ?? null;
}

/** Takes due deliveries of these connections under a lease, a fair share of each, in order of age within each. */
export async function claimDue(
  deps: ClaimDeps & Pick<DeliveryDeps, "hot">,
  trx: DatabaseTransaction,
  connectionIds: readonly string[],
  claimsMax: number,
  now: number,
): Promise<ClaimedDelivery[]> {
  const rows = await deps.hot.claimDue(trx, {
    connectionIds,
    inFlightMax: IN_FLIGHT_A_CONNECTION_MAX,
    claimsMax,
    now,
    holder: deps.workerId,
    leaseExpiresAt: leaseEnd(deps, now),
  });
  return readClaimed(trx, rows);
}

function leaseEnd(deps: ClaimDeps, now: number): number {
  return now + deps.deadlineMs + LEASE_BEYOND_DEADLINE_MS;
}

async function readClaimed(
  trx: DatabaseTransaction,
  rows: readonly ClaimedRow[],
): Promise<ClaimedDelivery[]> {
  if (rows.length === 0) return [];
  const events = await trx
    .selectFrom("events")
    .select(["id", "type", "created_at", "data"])
    .where("id", "in", [...new Set(rows.map((row) => row.event_id))])
    .execute();
  const connections = await trx
    .selectFrom("connections")
    .select([
      "id",
      "provider",
      "sealed_credentials",
      "endpoint_host",
      "endpoint_preview",
      "receiver",
      "first_failure_at",
    ])
    .where("id", "in", [...new Set(rows.map((row) => row.connection_id))])
    .execute();
  const eventById = new Map(events.map((event) => [event.id, event]));
  const connectionById = new Map(connections.map((connection) => [connection.id, connection]));
  return rows.flatMap((row) => {
    const event = eventById.get(row.event_id);
    const connection = connectionById.get(row.connection_id);
    if (event === undefined || connection === undefined) return [];
    return {
      id: row.id,
      workspaceId: row.workspace_id,
      connectionId: row.connection_id,
      provider: connection.provider,
      trigger: row.trigger_kind,
      attemptNumber: row.attempt_count + 1,
      event: { id: event.id, type: event.type, createdAt: event.created_at, dataJson: event.data },
      sealedCredentials: connection.sealed_credentials,
      endpoint: {
        host: connection.endpoint_host,
        preview: connection.endpoint_preview,
        receiver: connection.receiver,
      },
      firstFailureAt: connection.first_failure_at,
    };
  });
}
