import type { Actor } from "../domain/actor.ts";
import type { Connection } from "../domain/connection.ts";
import { anyVersion, type VersionCheck } from "../domain/version-check.ts";
import { changeConnection, ifCurrent } from "./change-connection.ts";
import type { IntegrationsDeps } from "./deps.ts";

/**
 * Disconnects: destroys the sealed credentials, cancels pending deliveries, keeps the history. Repeating the call
 * changes nothing.
 *
 * @throws {OpenSendError} `not_found`, `version_conflict`.
 */
export async function disconnect(
  deps: IntegrationsDeps,
  actor: Actor,
  id: string,
  isCurrent: VersionCheck = anyVersion,
): Promise<Connection> {
  const decide = ifCurrent(isCurrent, (row) => {
    if (row.status === "disconnected") return null;
    return {
      columns: {
        status: "disconnected",
        paused_reason: null,
        paused_at: null,
        paused_by: null,
        disconnected_at: deps.now(),
        sealed_credentials: null,
        has_signing_secret: 0,
        previous_secret_expires_at: null,
        header_names: "[]",
      },
      action: "connection.disconnected",
      metadata: { name: row.name, endpoint_preview: row.endpoint_preview },
      alongside: async (trx) => {
        const now = deps.now();
        await deps.queue.cancelDeliveries(trx, id, now);
        await deps.queue.resolveIssues(trx, id, now);
      },
    };
  });
  return changeConnection(deps, actor, id, decide);
}
