import type { Actor } from "../domain/actor.ts";
import { probeNow } from "../domain/circuit-breaker.ts";
import { type Connection, nextConnectionStatus } from "../domain/connection.ts";
import { OpenSendError } from "../domain/errors.ts";
import { anyVersion, type VersionCheck } from "../domain/version-check.ts";
import { changeConnection, ifCurrent } from "./change-connection.ts";
import type { IntegrationsDeps } from "./deps.ts";

/**
 * Pauses a connection by hand: events queue until it is resumed. Pausing a paused connection changes nothing.
 *
 * @throws {OpenSendError} `not_found`, `not_connected`, `version_conflict`.
 */
export async function pause(
  deps: IntegrationsDeps,
  actor: Actor,
  id: string,
  isCurrent: VersionCheck = anyVersion,
): Promise<Connection> {
  const decide = ifCurrent(isCurrent, (row) => {
    const status = nextConnectionStatus(row.status, "pause");
    if (status === null) throw disconnectedCannot("paused");
    if (status === row.status) return null;
    const metadata = { name: row.name, reason: "manual" };
    const columns = {
      status,
      paused_reason: "manual",
      paused_at: deps.now(),
      paused_by: actor.name,
    } as const;
    return { columns, action: "connection.paused", metadata };
  });
  return changeConnection(deps, actor, id, decide);
}

/**
 * Resumes a paused connection, whatever paused it. Resuming a connected one changes nothing.
 *
 * @throws {OpenSendError} `not_found`, `not_connected`, `version_conflict`.
 */
export async function resume(
  deps: IntegrationsDeps,
  actor: Actor,
  id: string,
  isCurrent: VersionCheck = anyVersion,
): Promise<Connection> {
  const decide = ifCurrent(isCurrent, (row) => {
    const status = nextConnectionStatus(row.status, "resume");
    if (status === null) throw disconnectedCannot("resumed");
    if (status === row.status) return null;
    const metadata = { name: row.name, paused_reason: row.paused_reason };
    const probe = probeNow({ probeAt: row.probe_at }, deps.now());
    return {
      // A person considers the receiver fixed: deliveries start immediately, and earlier failures no longer count.
      columns: {
        status,
        paused_reason: null,
        paused_at: null,
        paused_by: null,
        failing_since: null,
        failing_until: null,
        probe_at: probe.probeAt,
        probe_delay_ms: probe.probeDelayMs,
        hold_until: null,
        hold_ms: null,
      },
      action: "connection.resumed",
      metadata,
      alongside: (trx) => deps.queue.restoreOrder(trx, id, deps.now()),
    };
  });
  return changeConnection(deps, actor, id, decide);
}

function disconnectedCannot(participle: string): OpenSendError {
  return new OpenSendError(
    "not_connected",
    `A disconnected connection cannot be ${participle}. Give it a webhook_url with PATCH to connect it again.`,
  );
}
