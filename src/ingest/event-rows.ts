import type { BulkRow } from "../db/hot-statements.ts";
import type { EventOrigin } from "../domain/event.ts";

/** An event about to be stored. Times are epoch milliseconds. */
export type StoredEvent = {
  readonly id: string;
  readonly workspaceId: string;
  readonly type: string;
  readonly createdAt: number;
  readonly dataJson: string;
  /** Size of `dataJson` in UTF-8. */
  readonly dataBytes: number;
  readonly acceptedAt: number;
  readonly traceContext: string | null;
  readonly origin: EventOrigin;
  /** The idempotency key of the request that sent it. */
  readonly idempotencyKey: string | null;
};

export const EVENT_COLUMNS = {
  workspace_id: "text",
  id: "text",
  type: "text",
  created_at: "bigint",
  data: "text",
  accepted_at: "bigint",
  trace_context: "text",
  origin: "text",
  idempotency_key: "text",
} as const;

export function eventRow(event: StoredEvent): BulkRow {
  return [
    event.workspaceId,
    event.id,
    event.type,
    event.createdAt,
    event.dataJson,
    event.acceptedAt,
    event.traceContext,
    event.origin,
    event.idempotencyKey,
  ];
}

export const DELIVERY_COLUMNS = {
  id: "text",
  workspace_id: "text",
  event_id: "text",
  connection_id: "text",
  trigger_kind: "text",
  status: "text",
  attempt_count: "bigint",
  next_attempt_at: "bigint",
  event_bytes: "bigint",
  created_at: "bigint",
  updated_at: "bigint",
} as const;

/** The delivery of an event to a connection, due immediately. */
export function deliveryRow(event: StoredEvent, connectionId: string, id: string): BulkRow {
  const { acceptedAt: now } = event;
  return [
    id,
    event.workspaceId,
    event.id,
    connectionId,
    "schedule",
    "pending",
    0,
    now,
    event.dataBytes,
    now,
    now,
  ];
}
