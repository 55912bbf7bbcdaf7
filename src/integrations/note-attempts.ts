import type { AuditEntry } from "../core/audit-entry.ts";
import type { ConnectionStatus, PausedReason } from "../core/connection.ts";
import { healthAfter } from "../core/health.ts";
import type { Database, DatabaseTransaction } from "../store/open.ts";
import { bumpRoutingVersion } from "./routing-version.ts";

export type NotedAttempt = {
  readonly ok: boolean;
  readonly isTest: boolean;
  readonly error: { readonly code: string; readonly message: string } | null;
  readonly finishedAt: number;
  /** Why this attempt ends sending for now: the receiver is gone, or has only failed for days. */
  readonly pauses: PausedReason | null;
};

/** What stands between two probes of a receiver that fails: a second at first, doubled up to a minute. */
const PROBE_DELAY_MIN_MS = 1000;
const PROBE_DELAY_MAX_MS = 60_000;

/**
 * Lets a connection show what its latest attempts say of its receiver, pauses it where they say so, and tells when a
 * failing one may be probed again. Part of the transaction that records the attempts. Returns the status it found, null
 * when there is no such connection any more.
 */
export async function noteAttempts(
  deps: { readonly recordAudit: (db: Database, entry: AuditEntry, now: number) => Promise<void> },
  trx: DatabaseTransaction,
  connectionId: string,
  attempts: readonly NotedAttempt[],
): Promise<ConnectionStatus | null> {
  const row = await trx
    .selectFrom("connections")
    .select(["workspace_id", "name", "status", "health", "consecutive_failures", "first_failure_at"])
    .where("id", "=", connectionId)
    .executeTakeFirst();
  const last = attempts.at(-1);
  if (row === undefined || last === undefined) return null;
  let state = { health: row.health, consecutiveFailures: row.consecutive_failures };
  let firstFailureAt = row.first_failure_at;
  for (const attempt of attempts) {
    state = healthAfter(state, attempt);
    firstFailureAt = attempt.ok ? null : (firstFailureAt ?? attempt.finishedAt);
  }
  const pauses =
    row.status === "connected" ? (attempts.find((attempt) => attempt.pauses !== null)?.pauses ?? null) : null;
  await trx
    .updateTable("connections")
    .set({
      health: state.health,
      consecutive_failures: state.consecutiveFailures,
      first_failure_at: firstFailureAt,
      probe_at:
        state.health === "unhealthy" ? last.finishedAt + probeDelayMs(state.consecutiveFailures) : null,
      last_health_check_at: last.finishedAt,
      last_event_at: last.finishedAt,
      last_error_code: last.error?.code ?? null,
      last_error_message: last.error?.message ?? null,
      ...(pauses === null ? {} : { status: "paused" as const, paused_reason: pauses }),
    })
    .where("id", "=", connectionId)
    .execute();
  if (pauses === null) return row.status;
  await bumpRoutingVersion(trx, row.workspace_id);
  const actor = {
    kind: "system",
    id: null,
    name: "OpenSend",
    workspaceId: row.workspace_id,
    address: null,
  } as const;
  const target = { kind: "connection", id: connectionId } as const;
  const metadata = { name: row.name, reason: pauses };
  await deps.recordAudit(trx, { actor, action: "connection.paused", target, metadata }, last.finishedAt);
  return row.status;
}

function probeDelayMs(consecutiveFailures: number): number {
  const doublings = Math.min(Math.max(0, consecutiveFailures - 3), 10);
  return Math.min(PROBE_DELAY_MAX_MS, PROBE_DELAY_MIN_MS * 2 ** doublings);
}
