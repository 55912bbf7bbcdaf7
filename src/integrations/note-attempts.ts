import { systemActor } from "../core/actor.ts";
import type { AuditEntry } from "../core/audit-entry.ts";
import type { PausedReason } from "../core/connection.ts";
import { type Health, healthAfter } from "../core/health.ts";
import type { NotedAttempt, NotedConnection } from "../core/noted-attempt.ts";
import type { Database, DatabaseTransaction } from "../store/open.ts";
import type { ConnectionRow } from "./connection-row.ts";
import { bumpRoutingVersion } from "./routing-version.ts";

/** What stands between two probes of a receiver that fails: a second at first, doubled up to a minute. */
const PROBE_DELAY_MIN_MS = 1000;
const PROBE_DELAY_MAX_MS = 60_000;

/**
 * Lets a connection show what its latest attempts say of its receiver, pauses it where they say so, and tells when a
 * failing one may be probed again. What was under way to an earlier URL says nothing of the receiver there is now. Part
 * of the transaction that records the attempts. Null when there is no such connection any more.
 */
export async function noteAttempts(
  deps: { readonly recordAudit: (db: Database, entry: AuditEntry, now: number) => Promise<void> },
  trx: DatabaseTransaction,
  connectionId: string,
  made: readonly NotedAttempt[],
): Promise<NotedConnection | null> {
  const row = await trx
    .selectFrom("connections")
    .select(NOTED_COLUMNS)
    .where("id", "=", connectionId)
    .executeTakeFirst();
  if (row === undefined) return null;
  const attempts = made.filter(({ fingerprint }) => fingerprint === row.endpoint_fingerprint);
  const last = attempts.at(-1);
  if (last === undefined) return unchanged(row);
  let state = { health: row.health, consecutiveFailures: row.consecutive_failures };
  let firstFailureAt = row.first_failure_at;
  for (const attempt of attempts) {
    state = healthAfter(state, attempt);
    firstFailureAt = attempt.ok ? null : (firstFailureAt ?? attempt.finishedAt);
  }
  const pausedReason =
    row.status === "connected" ? (attempts.find((attempt) => attempt.pauses !== null)?.pauses ?? null) : null;
  const probe = nextProbe({ ...row, finishedAt: last.finishedAt }, state.health);
  const lastFailure = attempts.findLast(({ ok, isTest }) => !ok && !isTest);
  await trx
    .updateTable("connections")
    .set({
      health: state.health,
      consecutive_failures: state.consecutiveFailures,
      first_failure_at: firstFailureAt,
      probe_at: probe.at,
      probe_delay_ms: probe.delayMs,
      hold_until: holdUntil(row.hold_until, attempts),
      last_health_check_at: last.finishedAt,
      last_event_at: last.finishedAt,
      last_error_code: last.error?.code ?? null,
      last_error_message: last.error?.message ?? null,
      ...(lastFailure === undefined ? {} : { last_failure_at: lastFailure.finishedAt }),
      ...(pausedReason === null ? {} : { status: "paused" as const, paused_reason: pausedReason }),
    })
    .where("id", "=", connectionId)
    .execute();
  if (pausedReason !== null) {
    await notePaused(deps, trx, { id: connectionId, ...row }, pausedReason, last.finishedAt);
  }
  const recovered = row.health === "unhealthy" && state.health === "healthy";
  return {
    ...unchanged(row),
    status: pausedReason === null ? row.status : "paused",
    ...state,
    transition: pausedReason !== null ? "paused" : recovered ? "recovered" : null,
    pausedReason,
    probeAt: probe.at,
  };
}

const NOTED_COLUMNS = [
  "workspace_id",
  "name",
  "provider",
  "endpoint_preview",
  "endpoint_fingerprint",
  "status",
  "health",
  "consecutive_failures",
  "first_failure_at",
  "hold_until",
  "probe_at",
  "probe_delay_ms",
] as const;

type NotedRow = Pick<ConnectionRow, (typeof NOTED_COLUMNS)[number]>;

function unchanged(row: NotedRow): NotedConnection {
  return {
    workspaceId: row.workspace_id,
    name: row.name,
    provider: row.provider,
    endpointPreview: row.endpoint_preview,
    status: row.status,
    health: row.health,
    consecutiveFailures: row.consecutive_failures,
    transition: null,
    pausedReason: null,
    probeAt: row.probe_at,
  };
}

/** The latest rest that was asked for; with strict order a success lets the next one go. */
function holdUntil(before: number | null, attempts: readonly NotedAttempt[]): number | null {
  let until = before;
  for (const { ok, isTest, isOrdered, holdsUntil } of attempts) {
    if (ok && isOrdered && !isTest) until = null;
    if (holdsUntil !== null) until = isOrdered ? holdsUntil : Math.max(until ?? 0, holdsUntil);
  }
  return until;
}

async function notePaused(
  deps: { readonly recordAudit: (db: Database, entry: AuditEntry, now: number) => Promise<void> },
  trx: DatabaseTransaction,
  connection: { readonly id: string; readonly workspace_id: string; readonly name: string },
  reason: PausedReason,
  now: number,
): Promise<void> {
  await bumpRoutingVersion(trx, connection.workspace_id);
  const actor = systemActor(connection.workspace_id);
  const target = { kind: "connection", id: connection.id } as const;
  const metadata = { name: connection.name, reason };
  await deps.recordAudit(trx, { actor, action: "connection.paused", target, metadata }, now);
}

/**
 * When a failing receiver may be probed, after a second at first and then after twice as long as the last time. What was
 * under way when it began to fail, and fails as well, is no probe: a burst of failures counts as one.
 */
function nextProbe(
  before: {
    readonly health: Health;
    readonly probe_at: number | null;
    readonly probe_delay_ms: number | null;
    readonly finishedAt: number;
  },
  health: Health,
): { readonly at: number | null; readonly delayMs: number | null } {
  if (health !== "unhealthy") return { at: null, delayMs: null };
  const { probe_at: at, probe_delay_ms: lastMs, finishedAt } = before;
  if (before.health !== "unhealthy" || lastMs === null) {
    return { at: finishedAt + PROBE_DELAY_MIN_MS, delayMs: PROBE_DELAY_MIN_MS };
  }
  if (at !== null && finishedAt < at) return { at, delayMs: lastMs };
  const delayMs = Math.min(PROBE_DELAY_MAX_MS, 2 * lastMs);
  return { at: finishedAt + delayMs, delayMs };
}
