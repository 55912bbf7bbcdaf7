import type { AttemptTrigger, DeliveryStatus } from "../core/delivery.ts";
import { OpenSendError } from "../core/errors.ts";
import { serializeEvent } from "../core/event.ts";
import type { Explanation } from "../core/explanation.ts";
import type { Timings } from "../core/outcome.ts";
import type { Database } from "../store/open.ts";
import { type Page, type PageRequest, readPage } from "../store/page.ts";
import type { Schema } from "../store/schema.ts";

/** A delivery as lists show it. Times are epoch milliseconds. */
export type DeliveryListing = {
  readonly id: string;
  readonly eventId: string;
  readonly eventType: string;
  readonly connectionId: string;
  readonly connectionName: string;
  readonly trigger: AttemptTrigger;
  readonly status: DeliveryStatus;
  readonly attemptCount: number;
  readonly nextAttemptAt: number | null;
  /** What the last attempt came to; null before the first. */
  readonly lastAttemptAt: number | null;
  readonly responseStatus: number | null;
  readonly errorCode: string | null;
  readonly durationMs: number | null;
  /** The replay that made it due, until its attempt is over. */
  readonly replayId: string | null;
  readonly createdAt: number;
  readonly updatedAt: number;
};

export type AttemptListing = {
  readonly id: string;
  readonly number: number;
  readonly trigger: AttemptTrigger;
  readonly startedAt: number;
  readonly durationMs: number;
  readonly timings: Timings;
  readonly requestHeaders: Readonly<Record<string, string>>;
  readonly response: {
    readonly status: number;
    readonly statusText: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
    readonly truncated: boolean;
  } | null;
  readonly error: { readonly code: string; readonly message: string } | null;
  readonly explanation: Explanation;
};

export type DeliveryDetail = DeliveryListing & {
  readonly request: { readonly urlPreview: string; readonly body: string };
  readonly attempts: readonly AttemptListing[];
};

export type DeliveryFilter = {
  readonly status: DeliveryStatus | null;
  readonly connectionId: string | null;
  readonly eventId: string | null;
  readonly eventType: string | null;
};

type DeliveryRow = Schema["deliveries"] & { readonly type: string; readonly connection_name: string };

/** A workspace's deliveries, newest first. */
export async function listDeliveries(
  db: Database,
  workspaceId: string,
  filter: DeliveryFilter,
  page: PageRequest,
): Promise<Page<DeliveryListing>> {
  let query = selectDeliveries(db).where("deliveries.workspace_id", "=", workspaceId);
  if (filter.status !== null) query = query.where("deliveries.status", "=", filter.status);
  if (filter.connectionId !== null) query = query.where("deliveries.connection_id", "=", filter.connectionId);
  if (filter.eventId !== null) query = query.where("deliveries.event_id", "=", filter.eventId);
  if (filter.eventType !== null) query = query.where("events.type", "=", filter.eventType);
  const { rows, hasMore } = await readPage(query, page, "deliveries.created_at", "deliveries.id");
  return { rows: rows.map(toDelivery), hasMore };
}

/**
 * One delivery with every attempt: what was sent, what came back, and what it means.
 *
 * @throws {OpenSendError} `not_found`.
 */
export async function getDelivery(db: Database, workspaceId: string, id: string): Promise<DeliveryDetail> {
  const row = await selectDeliveries(db)
    .select(["events.created_at as happened_at", "events.data", "connections.endpoint_preview"])
    .where("deliveries.workspace_id", "=", workspaceId)
    .where("deliveries.id", "=", id)
    .executeTakeFirst();
  if (row === undefined) throw deliveryNotFound();
  const attempts = await db
    .selectFrom("attempts")
    .selectAll()
    .where("delivery_id", "=", id)
    .orderBy("number")
    .execute();
  const body = serializeEvent({ type: row.type, createdAt: row.happened_at, dataJson: row.data });
  return {
    ...toDelivery(row),
    request: { urlPreview: row.endpoint_preview, body },
    attempts: attempts.map(toAttempt),
  };
}

export function deliveryNotFound(): OpenSendError {
  return new OpenSendError("not_found", "This workspace has no delivery with that id.");
}

function selectDeliveries(db: Database) {
  return db
    .selectFrom("deliveries")
    .innerJoin("events", "events.id", "deliveries.event_id")
    .innerJoin("connections", "connections.id", "deliveries.connection_id")
    .selectAll("deliveries")
    .select(["events.type", "connections.name as connection_name"]);
}

export function toDelivery(row: DeliveryRow): DeliveryListing {
  return {
    id: row.id,
    eventId: row.event_id,
    eventType: row.type,
    connectionId: row.connection_id,
    connectionName: row.connection_name,
    trigger: row.trigger_kind,
    status: row.status,
    attemptCount: row.attempt_count,
    nextAttemptAt: row.next_attempt_at,
    lastAttemptAt: row.last_attempt_at,
    responseStatus: row.response_status,
    errorCode: row.error_code,
    durationMs: row.duration_ms,
    replayId: row.replay_id,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

function toAttempt(row: Schema["attempts"]): AttemptListing {
  return {
    id: row.id,
    number: row.number,
    trigger: row.trigger_kind,
    startedAt: row.started_at,
    durationMs: row.duration_ms,
    timings: JSON.parse(row.timings) as Timings,
    requestHeaders: JSON.parse(row.request_headers) as Record<string, string>,
    response:
      row.response_status === null
        ? null
        : {
            status: row.response_status,
            statusText: row.response_status_text ?? "",
            headers: JSON.parse(row.response_headers ?? "{}") as Record<string, string>,
            body: row.response_body ?? "",
            truncated: row.response_truncated === 1,
          },
    error: row.error_code === null ? null : { code: row.error_code, message: row.error_message ?? "" },
    explanation: JSON.parse(row.explanation) as Explanation,
  };
}
