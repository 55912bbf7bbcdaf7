import type { Database, DatabaseTransaction, Dialect } from "../db/open.ts";
import { systemActor } from "../domain/actor.ts";
import type { AttemptResult, UpdatedConnection } from "../domain/attempt-result.ts";
import type { AuditEntry } from "../domain/audit-entry.ts";
import { breakerAfter, type CircuitBreaker } from "../domain/circuit-breaker.ts";
import type { PausedReason } from "../domain/connection.ts";
import { type ConnectionHold, holdAfter } from "../domain/connection-hold.ts";
import { type FailingRun, failingRunAfter, hasFailedForDays } from "../domain/failing-run.ts";
import { type HealthState, healthAfter } from "../domain/health.ts";
import { type ConnectionRow, NO_ERROR } from "./connection-row.ts";
import { bumpRoutingVersion } from "./routing-version.ts";

export type UpdateAfterAttemptsDeps = {
  readonly dialect: Dialect;
  readonly recordAudit: (db: Database, entry: AuditEntry, now: number) => Promise<void>;
};

/**
 * Updates a connection after attempts: its health, its circuit breaker and its last error. Pauses it if the receiver is
 * gone or has failed for days. Attempts sent to an earlier URL are ignored. Part of the transaction that records the
 * attempts. Null if the connection no longer exists.
 */
export async function updateAfterAttempts(
  deps: UpdateAfterAttemptsDeps,
  trx: DatabaseTransaction,
  connectionId: string,
  all: readonly AttemptResult[],
): Promise<UpdatedConnection | null> {
  const row = await lockRow(deps, trx, connectionId);
  if (row === undefined) return null;
  const attempts = all.filter(({ fingerprint }) => fingerprint === row.endpoint_fingerprint);
  const last = attempts.at(-1);
  if (last === undefined) return unchanged(row);
  const after = attempts.reduce(
    (state, attempt) => receiverStateAfter(state, attempt, row.ordered === 1),
    receiverStateOf(row),
  );
  const pausedReason = row.status === "connected" ? reasonToPause(attempts, after) : null;
  const lastFailure = attempts.findLast(({ fault, isTest }) => fault !== "none" && !isTest);
  await trx
    .updateTable("connections")
    .set({
      ...receiverStateColumns(after),
      last_health_check_at: last.finishedAt,
      last_event_at: last.finishedAt,
      ...errorColumns(last),
      ...(lastFailure === undefined ? {} : { last_failure_at: lastFailure.finishedAt }),
      ...(pausedReason === null ? {} : pausedColumns(pausedReason, last.finishedAt)),
    })
    .where("id", "=", connectionId)
    .execute();
  if (pausedReason !== null) {
    await recordPause(deps, trx, { id: connectionId, ...row }, pausedReason, last.finishedAt);
  }
  const hasRecovered = row.probe_at !== null && after.breaker.probeAt === null;
  return {
    ...unchanged(row),
    status: pausedReason === null ? row.status : "paused",
    health: after.health.health,
    isSteady: last.fault === "none",
    transition: pausedReason !== null ? "paused" : hasRecovered ? "recovered" : null,
    pausedReason,
    probeAt: after.breaker.probeAt,
  };
}

const STATE_COLUMNS = [
  "workspace_id",
  "name",
  "provider",
  "endpoint_preview",
  "endpoint_fingerprint",
  "status",
  "ordered",
  "health",
  "consecutive_failures",
  "receiver_faults",
  "first_failure_at",
  "failing_since",
  "failing_until",
  "hold_until",
  "hold_ms",
  "probe_at",
  "probe_delay_ms",
] as const;

type StateRow = Pick<ConnectionRow, (typeof STATE_COLUMNS)[number]>;

/**
 * Locked when read, so that a person's change cannot commit in between and be overwritten. SQLite has one transaction
 * at a time anyway.
 */
async function lockRow(
  { dialect }: UpdateAfterAttemptsDeps,
  trx: DatabaseTransaction,
  connectionId: string,
): Promise<StateRow | undefined> {
  return trx
    .selectFrom("connections")
    .select(STATE_COLUMNS)
    .where("id", "=", connectionId)
    .$if(dialect === "postgres", (query) => query.forNoKeyUpdate())
    .executeTakeFirst();
}

/** The state that a connection's attempts change. */
export type ReceiverState = {
  readonly health: HealthState;
  readonly breaker: CircuitBreaker;
  readonly failingRun: FailingRun | null;
  /** When deliveries began to fail, for whatever reason; null after a success. */
  readonly firstFailureAt: number | null;
  readonly hold: ConnectionHold;
};

export function receiverStateOf(row: StateRow): ReceiverState {
  const { failing_since: since, failing_until: latestAt } = row;
  return {
    health: { health: row.health, consecutiveFailures: row.consecutive_failures },
    breaker: {
      receiverFaults: row.receiver_faults,
      probeAt: row.probe_at,
      probeDelayMs: row.probe_delay_ms,
    },
    failingRun: since === null || latestAt === null ? null : { since, latestAt },
    firstFailureAt: row.first_failure_at,
    hold: { until: row.hold_until, lengthMs: row.hold_ms },
  };
}

export function receiverStateAfter(
  before: ReceiverState,
  attempt: AttemptResult,
  isOrdered: boolean,
): ReceiverState {
  return {
    health: healthAfter(before.health, attempt),
    breaker: breakerAfter(before.breaker, attempt),
    failingRun: failingRunAfter(before.failingRun, attempt),
    firstFailureAt: attempt.fault === "none" ? null : (before.firstFailureAt ?? attempt.finishedAt),
    hold: holdAfter(before.hold, attempt, isOrdered),
  };
}

export function receiverStateColumns({ health, breaker, failingRun, firstFailureAt, hold }: ReceiverState) {
  return {
    health: health.health,
    consecutive_failures: health.consecutiveFailures,
    receiver_faults: breaker.receiverFaults,
    probe_at: breaker.probeAt,
    probe_delay_ms: breaker.probeDelayMs,
    failing_since: failingRun?.since ?? null,
    failing_until: failingRun?.latestAt ?? null,
    first_failure_at: firstFailureAt,
    hold_until: hold.until,
    hold_ms: hold.lengthMs,
  };
}

/** The columns of a connection's last error. */
export function errorColumns({ error, finishedAt }: AttemptResult) {
  if (error === null) return NO_ERROR;
  return {
    last_error_code: error.code,
    last_error_message: error.message,
    last_error_at: finishedAt,
    last_error_explanation: error.explanation,
    last_error_delivery_id: error.deliveryId,
  };
}

/** The columns of a connection paused by OpenSend. */
export function pausedColumns(reason: PausedReason, now: number) {
  return { status: "paused", paused_reason: reason, paused_at: now, paused_by: null } as const;
}

export function reasonToPause(
  attempts: readonly AttemptResult[],
  { failingRun }: Pick<ReceiverState, "failingRun">,
): PausedReason | null {
  if (attempts.some(({ isGone }) => isGone)) return "gone";
  return hasFailedForDays(failingRun) ? "failing" : null;
}

function unchanged(row: StateRow): UpdatedConnection {
  return {
    workspaceId: row.workspace_id,
    name: row.name,
    provider: row.provider,
    endpointPreview: row.endpoint_preview,
    status: row.status,
    health: row.health,
    isSteady: false,
    transition: null,
    pausedReason: null,
    probeAt: row.probe_at,
  };
}

async function recordPause(
  deps: UpdateAfterAttemptsDeps,
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
