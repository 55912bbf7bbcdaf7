import type { Actor } from "../domain/actor.ts";
import type { Connection } from "../domain/connection.ts";
import { OpenSendError } from "../domain/errors.ts";
import { TEST_EVENT_TYPE } from "../domain/event.ts";
import { anyVersion, type VersionCheck } from "../domain/version-check.ts";
import { type StoreKey, storeNoKey } from "../idempotency/only-once.ts";
import { keyInUse } from "../idempotency/refusals.ts";
import { requireCurrent } from "./change-connection.ts";
import type { IntegrationsDeps } from "./deps.ts";
import { getConnection } from "./read.ts";

/**
 * Sends one event to one connection immediately and returns the result. `keep` is called with the delivery's id, first
 * in the transaction that stores it.
 */
export type DeliverNow<Result> = (
  event: {
    readonly workspaceId: string;
    readonly connectionId: string;
    readonly type: string;
    readonly dataJson: string;
  },
  keep: StoreKey,
) => Promise<Result>;

/** The result of an earlier test; null while it is still being sent. */
export type ReadTest<Result> = (workspaceId: string, deliveryId: string) => Promise<Result | null>;

type TestedConnection<Result> = { readonly connection: Connection; readonly delivery: Result };

/**
 * Sends the test event through the same delivery path as real events and waits for its one attempt. A bad response is a
 * result, not an error. Paused connections can be tested too, to decide whether to resume.
 *
 * @throws {OpenSendError} `not_found`, `not_connected`, `version_conflict`.
 */
export async function sendTestEvent<Result extends { ok: boolean; deliveryId: string }>(
  deps: IntegrationsDeps & { readonly deliverNow: DeliverNow<Result> },
  actor: Actor,
  id: string,
  { keep = storeNoKey, isCurrent = anyVersion }: { keep?: StoreKey; isCurrent?: VersionCheck } = {},
): Promise<TestedConnection<Result>> {
  const { workspaceId } = actor;
  const connection = await getConnection(deps.db, workspaceId, id);
  requireCurrent(isCurrent, connection);
  if (connection.status === "disconnected") {
    throw new OpenSendError(
      "not_connected",
      "This connection is disconnected, so there is nothing to send to. Give it a webhook_url with PATCH to connect it again.",
    );
  }
  const { provider, name } = connection;
  const data = { provider, connection_id: id, connection_name: name };
  const event = { workspaceId, connectionId: id, type: TEST_EVENT_TYPE, dataJson: JSON.stringify(data) };
  const delivery = await deps.deliverNow(event, keep);
  const metadata = { name, delivery_id: delivery.deliveryId, ok: delivery.ok };
  const target = { kind: "connection", id } as const;
  await deps.recordAudit(deps.db, { actor, action: "connection.tested", target, metadata }, deps.now());
  return { connection: await getConnection(deps.db, workspaceId, id), delivery };
}

/**
 * The result of an earlier `sendTestEvent`, for a repeat of its request. The test event is sent outside any
 * transaction, so the delivery can be in any state, even one left by a killed process.
 *
 * @throws {OpenSendError} `not_found`, `idempotency_key_in_use` while the test still waits for the receiver.
 */
export async function readTestEvent<Result>(
  deps: Pick<IntegrationsDeps, "db"> & { readonly readTest: ReadTest<Result> },
  workspaceId: string,
  id: string,
  deliveryId: string,
): Promise<TestedConnection<Result>> {
  const delivery = await deps.readTest(workspaceId, deliveryId);
  if (delivery === null) throw keyInUse();
  return { connection: await getConnection(deps.db, workspaceId, id), delivery };
}
