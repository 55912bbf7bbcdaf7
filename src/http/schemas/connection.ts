import { z } from "zod";
import type { DayStats } from "../../connections/day-stats.ts";
import { webhook } from "../../connectors/webhook/webhook.ts";
import type { Connection, ConnectionError } from "../../domain/connection.ts";
import { CONNECTION_STATES, connectionState as stateOf } from "../../domain/connection-state.ts";
import { RECEIVERS } from "../../domain/diagnostics/detect-receiver.ts";
import { ConnectionStatsView, presentStats } from "./connection-stats.ts";
import { ExplanationView } from "./explanation.ts";
import { listOf, timestamp, toNullableTimestamp, toTimestamp, uuid } from "./shared.ts";

export const connectionStatus = z
  .enum(["connected", "paused", "disconnected"])
  .meta({ id: "ConnectionStatus" });

/** Unnamed in the schema: generated clients name constants by their values, which `ConnectionStatus` has too. */
export const connectionState = z.enum(CONNECTION_STATES).meta({
  description:
    "The first that applies: `disconnected`, `paused`, `failing` (its circuit breaker is not closed, or it is unhealthy), `held` (a pause that the receiver asked for), `idle` (no attempt for 24 hours), `ok`",
});

export const ConnectionView = z
  .object({
    id: uuid,
    provider: z.string(),
    name: z.string(),
    description: z.string().nullable(),
    external_id: z.string().nullable().meta({ description: "Your own id for the connection" }),
    metadata: z.record(z.string(), z.string()).meta({ description: "Your own texts, by name" }),
    created_by_key_id: uuid.nullable().meta({
      description:
        "The API key that created it, or the first of the keys which that key replaces; null when a person did",
    }),
    status: connectionStatus,
    state: connectionState,
    state_since: timestamp
      .nullable()
      .meta({ description: "Since when it is in this state; null where nothing tells, as for `ok`" }),
    paused_reason: z.enum(["manual", "failing", "gone"]).nullable(),
    paused_by: z.string().nullable().meta({ description: "Who paused it; null when OpenSend did" }),
    pending_count: z
      .int()
      .meta({ description: "Pending deliveries, those of a paused connection too; a second or two behind" }),
    next_attempt_at: timestamp.nullable().meta({
      description:
        "While `failing`, when the receiver is tried next; while `held`, when the pause it asked for ends; else null",
    }),
    scopes: z.array(z.string()),
    config: z.object({
      webhook: z.object({
        endpoint_host: z.string(),
        endpoint_preview: z
          .string()
          .meta({ description: "The URL without anything that could be used to call it" }),
        endpoint_fingerprint: z.string().meta({ description: "Equal for equal URLs; six hex characters" }),
        receiver: z.enum(RECEIVERS),
        has_signing_secret: z.boolean(),
        previous_secret_expires_at: timestamp
          .nullable()
          .meta({ description: "Until when the secret before the last rotation signs too; may be past" }),
        header_names: z
          .array(z.string())
          .meta({ description: "Names of the custom headers, sorted; their values are never shown" }),
      }),
    }),
    event_types: z.array(z.string()),
    ordered: z.boolean().meta({ description: "Strict order: one delivery at a time, as accepted" }),
    concurrency: z
      .int()
      .meta({ description: "Maximum number of concurrent requests; with strict order there is one" }),
    rate_limit_per_minute: z
      .int()
      .nullable()
      .meta({ description: "Maximum number of requests per minute; null for no limit" }),
    timeout_seconds: z.int().meta({ description: "Time for one request and its complete response" }),
    health: z.enum(["unknown", "healthy", "unhealthy"]),
    last_health_check_at: timestamp.nullable(),
    last_sync_at: timestamp,
    last_event_at: timestamp.nullable(),
    last_error: z
      .object({
        code: z.string(),
        message: z.string(),
        at: timestamp,
        explanation: ExplanationView.nullable().meta({
          description: "Null where an earlier version of OpenSend recorded the attempt",
        }),
        delivery_id: uuid.nullable().meta({ description: "Its attempts are kept as long as payloads" }),
      })
      .nullable()
      .meta({ description: "Of the latest attempt; null once one has succeeded" }),
    created_at: timestamp,
    updated_at: timestamp,
  })
  .meta({
    id: "Connection",
    description:
      "A configured connector. Never contains the webhook URL, the signing secret or a header's value.",
  });

export const ConnectionAnswer = z
  .object({ object: z.literal("integration_connection"), data: ConnectionView })
  .meta({ id: "ConnectionAnswer" });

export const ConnectionOrNullAnswer = z
  .object({ object: z.literal("integration_connection"), data: ConnectionView.nullable() })
  .meta({ id: "ConnectionOrNullAnswer" });

const ListedConnectionView = ConnectionView.extend({
  stats: ConnectionStatsView.optional().meta({ description: "With `include=stats`" }),
}).meta({ id: "ListedConnection" });

export const ConnectionList = listOf("ConnectionList", ListedConnectionView);

export function presentListedConnection(
  connection: Connection,
  stats: DayStats | undefined,
  now: number,
): z.infer<typeof ListedConnectionView> {
  const view = presentConnection(connection, now);
  return stats === undefined ? view : { ...view, stats: presentStats(stats) };
}

export function presentConnection(connection: Connection, now: number): z.infer<typeof ConnectionView> {
  const { state, since, nextAttemptAt } = stateOf(connection.facts, now);
  return {
    id: connection.id,
    provider: connection.provider,
    name: connection.name,
    description: connection.description,
    external_id: connection.identity.externalId,
    metadata: { ...connection.identity.metadata },
    created_by_key_id: connection.ownerKeyId,
    status: connection.status,
    state,
    state_since: toNullableTimestamp(since),
    paused_reason: connection.pausedReason,
    paused_by: connection.pausedBy,
    pending_count: connection.pendingCount,
    next_attempt_at: toNullableTimestamp(nextAttemptAt),
    scopes: [...webhook.scopes],
    config: {
      webhook: {
        endpoint_host: connection.endpoint.host,
        endpoint_preview: connection.endpoint.preview,
        endpoint_fingerprint: connection.endpoint.fingerprint,
        receiver: connection.endpoint.receiver,
        has_signing_secret: connection.hasSigningSecret,
        previous_secret_expires_at: toNullableTimestamp(connection.previousSecretExpiresAt),
        header_names: [...connection.headerNames],
      },
    },
    event_types: [...connection.eventTypes],
    ordered: connection.limits.ordered,
    concurrency: connection.limits.concurrency,
    rate_limit_per_minute: connection.limits.rateLimitPerMinute,
    timeout_seconds: connection.limits.timeoutSeconds,
    health: connection.health,
    last_health_check_at: toNullableTimestamp(connection.lastHealthCheckAt),
    last_sync_at: toTimestamp(connection.lastSyncAt),
    last_event_at: toNullableTimestamp(connection.lastEventAt),
    last_error: connection.lastError && presentError(connection.lastError),
    created_at: toTimestamp(connection.createdAt),
    updated_at: toTimestamp(connection.updatedAt),
  };
}

function presentError({ code, message, at, explanation, deliveryId }: ConnectionError) {
  return { code, message, at: toTimestamp(at), explanation, delivery_id: deliveryId };
}

export function presentConnectionAnswer(connection: Connection, now: number) {
  return { object: "integration_connection" as const, data: presentConnection(connection, now) };
}
