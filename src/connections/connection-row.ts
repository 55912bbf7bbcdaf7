import type { Schema } from "../db/schema.ts";
import type { Connection, DeliveryLimits } from "../domain/connection.ts";

export type ConnectionRow = Schema["connections"];

/** What is shown of a connection; the sealed credentials are not among it. */
export const SHOWN_COLUMNS = [
  "id",
  "provider",
  "name",
  "description",
  "status",
  "paused_reason",
  "has_signing_secret",
  "previous_secret_expires_at",
  "endpoint_host",
  "endpoint_preview",
  "endpoint_fingerprint",
  "receiver",
  "event_types",
  "ordered",
  "concurrency",
  "rate_limit_per_minute",
  "health",
  "consecutive_failures",
  "last_health_check_at",
  "last_sync_at",
  "last_event_at",
  "last_error_code",
  "last_error_message",
  "version",
  "created_at",
  "updated_at",
] as const satisfies readonly (keyof ConnectionRow)[];

/** A connection without its sealed credentials: nothing read from here can leak them. */
export function toConnection(row: Pick<ConnectionRow, (typeof SHOWN_COLUMNS)[number]>): Connection {
  return {
    id: row.id,
    provider: row.provider,
    name: row.name,
    description: row.description,
    status: row.status,
    pausedReason: row.paused_reason,
    endpoint: {
      host: row.endpoint_host,
      preview: row.endpoint_preview,
      fingerprint: row.endpoint_fingerprint,
      receiver: row.receiver,
    },
    hasSigningSecret: row.has_signing_secret === 1,
    previousSecretExpiresAt: row.previous_secret_expires_at,
    eventTypes: JSON.parse(row.event_types) as string[],
    limits: limitsOf(row),
    health: row.health,
    lastHealthCheckAt: row.last_health_check_at,
    lastSyncAt: row.last_sync_at,
    lastEventAt: row.last_event_at,
    lastError:
      row.last_error_code === null
        ? null
        : { code: row.last_error_code, message: row.last_error_message ?? "" },
    version: row.version,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

export function limitsOf(
  row: Pick<ConnectionRow, "ordered" | "concurrency" | "rate_limit_per_minute">,
): DeliveryLimits {
  return {
    ordered: row.ordered === 1,
    concurrency: row.concurrency,
    rateLimitPerMinute: row.rate_limit_per_minute,
  };
}

export function limitColumns({ ordered, concurrency, rateLimitPerMinute }: DeliveryLimits) {
  return { ordered: ordered ? 1 : 0, concurrency, rate_limit_per_minute: rateLimitPerMinute };
}
