import type { Actor } from "../core/actor.ts";
import type { Connection } from "../core/connection.ts";
import { OpenSendError } from "../core/errors.ts";
import { TEST_EVENT_TYPE } from "../core/event.ts";
import type { IntegrationsDeps } from "./deps.ts";
import { getConnection } from "./read.ts";

/** Sends one event to one connection at once and tells what came of it. */
export type DeliverNow<Result> = (event: {
  readonly workspaceId: string;
  readonly connectionId: string;
  readonly type: string;
  readonly dataJson: string;
}) => Promise<Result>;

/**
 * Sends the test event down the path real events take and waits for its one attempt. A receiver that answers badly is
 * a result, not an error. Works on a paused connection too: testing is how one finds out whether to resume.
 *
 * @throws {OpenSendError} `not_found`, `not_connected`.
 */
export async function sendTestEvent<Result extends { ok: boolean; deliveryId: string }>(
  deps: IntegrationsDeps & { readonly deliverNow: DeliverNow<Result> },
  actor: Actor,
  id: string,
): Promise<{ connection: Connection; delivery: Result }> {
  const connection = await getConnection(deps.db, actor.workspaceId, id);
  if (connection.status === "disconnected") {
    throw new OpenSendError(
      "not_connected",
      "This connection is disconnected, so there is nothing to send to. Give it a webhook_url with PATCH to connect it again.",
    );
  }
  const data = {
    provider: connection.provider,
    connection_id: connection.id,
    connection_name: connection.name,
  };
  const delivery = await deps.deliverNow({
    workspaceId: actor.workspaceId,
    connectionId: id,
    type: TEST_EVENT_TYPE,
    dataJson: JSON.stringify(data),
  });
  const metadata = { name: connection.name, delivery_id: delivery.deliveryId, ok: delivery.ok };
  const target = { kind: "connection", id } as const;
  await deps.recordAudit(deps.db, { actor, action: "connection.tested", target, metadata }, deps.now());
  return { connection: await getConnection(deps.db, actor.workspaceId, id), delivery };
}
