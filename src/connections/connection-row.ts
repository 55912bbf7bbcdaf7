import { sql } from "kysely";
import type { Database } from "../db/open.ts";
import type { Schema } from "../db/schema.ts";
import type { Connection, ConnectionError, DeliveryLimits } from "../domain/connection.ts";
import type { ConnectionFacts } from "../domain/connection-state.ts";
import type { Explanation } from "../domain/diagnostics/explanation.ts";
import { identityOf } from "./connection-identity.ts";

export type ConnectionRow = Schema["connections"];

/** The columns that are shown, without the sealed credentials. */
export const SHOWN_COLUMNS = [
  "id",
  "provider",
  "name",
  "description",
  "external_id",
  "metadata",
  "owner_key_id",
  "status",
  "paused_reason",
  "paused_at",
  "paused_by",
  "disconnected_at",
  "has_signing_secret",
  "previous_secret_expires_at",
  "header_names",
  "endpoint_host",
  "endpoint_preview",
  "endpoint_fingerprint",
  "receiver",
  "event_types",
  "ordered",
  "concurrency",
  "rate_limit_per_minute",
  "timeout_seconds",
  "health",
  "first_failure_at",
  "probe_at",
  "probe_delay_ms",
  "hold_until",
  "hold_ms",
  "last_health_check_at",
  "last_sync_at",
  "last_event_at",
  "last_error_code",
  "last_error_message",
  "last_error_at",
  "last_error_explanation",
  "last_error_delivery_id",
  "version",
  "created_at",
  "updated_at",
] as const satisfies readonly (keyof ConnectionRow)[];

/** Selects connections in the form that `toConnection` needs. */
export function selectConnections(db: Database) {
  return db.selectFrom("connections").select(SHOWN_COLUMNS).select(PENDING_COUNT);
}

/** One lookup by key; counts only folded commits. */
const PENDING_COUNT = sql<number>`coalesce((select pending from pending_counts
  where pending_counts.workspace_id = connections.workspace_id and pending_counts.connection_id = connections.id), 0)`.as(
  "pending_count",
);

type ShownRow = Pick<ConnectionRow, (typeof SHOWN_COLUMNS)[number]> & { readonly pending_count: number };

/** A connection without its sealed credentials: nothing read from here can leak them. */
export function toConnection(row: ShownRow): Connection {
  return {
    id: row.id,
    provider: row.provider,
    name: row.name,
    description: row.description,
    identity: identityOf(row),
    ownerKeyId: row.owner_key_id,
    status: row.status,
    pausedReason: row.paused_reason,
    pausedBy: row.paused_by,
    facts: factsOf(row),
    pendingCount: Math.max(0, row.pending_count),
    endpoint: {
      host: row.endpoint_host,
      preview: row.endpoint_preview,
      fingerprint: row.endpoint_fingerprint,
      receiver: row.receiver,
    },
    hasSigningSecret: row.has_signing_secret === 1,
    previousSecretExpiresAt: row.previous_secret_expires_at,
    headerNames: headerNamesOf(row),
    eventTypes: JSON.parse(row.event_types) as string[],
    limits: limitsOf(row),
    health: row.health,
    lastHealthCheckAt: row.last_health_check_at,
    lastSyncAt: row.last_sync_at,
    lastEventAt: row.last_event_at,
    lastError: lastErrorOf(row),
    version: row.version,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

/** The columns that determine a connection's state. */
export const FACT_COLUMNS = [
  "status",
  "paused_at",
  "disconnected_at",
  "health",
  "first_failure_at",
  "probe_at",
  "probe_delay_ms",
  "hold_until",
  "hold_ms",
  "last_event_at",
  "created_at",
] as const satisfies readonly (keyof ConnectionRow)[];

export function factsOf(row: Pick<ConnectionRow, (typeof FACT_COLUMNS)[number]>): ConnectionFacts {
  return {
    status: row.status,
    statusSince: row.status === "disconnected" ? row.disconnected_at : row.paused_at,
    receiver: {
      health: row.health,
      failingSince: row.first_failure_at,
      probeAt: row.probe_at,
      probeDelayMs: row.probe_delay_ms,
    },
    hold: { until: row.hold_until, lengthMs: row.hold_ms },
    lastActiveAt: row.last_event_at ?? row.created_at,
  };
}

function lastErrorOf(row: ShownRow): ConnectionError | null {
  const { last_error_code: code, last_error_explanation: explanation } = row;
  if (code === null) return null;
  return {
    code,
    message: row.last_error_message ?? "",
    at: row.last_error_at ?? row.last_health_check_at ?? row.updated_at,
    explanation: explanation === null ? null : (JSON.parse(explanation) as Explanation),
    deliveryId: row.last_error_delivery_id,
  };
}

export function headerNamesOf(row: Pick<ConnectionRow, "header_names">): readonly string[] {
  return JSON.parse(row.header_names) as string[];
}

export function limitsOf(
  row: Pick<ConnectionRow, "ordered" | "concurrency" | "rate_limit_per_minute" | "timeout_seconds">,
): DeliveryLimits {
  return {
    ordered: row.ordered === 1,
    concurrency: row.concurrency,
    rateLimitPerMinute: row.rate_limit_per_minute,
    timeoutSeconds: row.timeout_seconds,
  };
}

export function limitColumns({ ordered, concurrency, rateLimitPerMinute, timeoutSeconds }: DeliveryLimits) {
  return {
    ordered: ordered ? 1 : 0,
    concurrency,
    rate_limit_per_minute: rateLimitPerMinute,
    timeout_seconds: timeoutSeconds,
  };
}

/** The error columns when the latest attempt did not fail. */
export const NO_ERROR = {
  last_error_code: null,
  last_error_message: null,
  last_error_at: null,
  last_error_explanation: null,
  last_error_delivery_id: null,
} as const satisfies Partial<ConnectionRow>;
