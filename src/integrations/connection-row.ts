import type { Connection } from "../core/connection.ts";
import type { Schema } from "../store/schema.ts";

export type ConnectionRow = Schema["connections"];

/** A connection without its sealed credentials: nothing read from here can leak them. */
export function toConnection(
  row: Omit<ConnectionRow, "sealed_credentials" | "first_failure_at" | "probe_at">,
): Connection {
  return {
    id: row.id,
    workspaceId: row.workspace_id,
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
    eventTypes: JSON.parse(row.event_types) as string[],
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
