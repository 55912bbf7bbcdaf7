import { sql } from "kysely";
import type { Database } from "../db/open.ts";
import { type Page, type PageRequest, readPage, readSparsePage } from "../db/paging.ts";
import type { Schema } from "../db/schema.ts";
import type { AttemptTrigger, DeliveryStatus } from "../domain/delivery.ts";
import type { Explanation } from "../domain/diagnostics/explanation.ts";
import { OpenSendError } from "../domain/errors.ts";
import { isPayloadDeleted, serializeEvent } from "../domain/event.ts";
import type { AttemptTimings } from "../domain/outcome.ts";
import { unpackExplanation, unpackHeaders, unpackTimings } from "./attempt-columns.ts";
import { eventOfDelivery } from "./event-of-delivery.ts";
import {
  DELIVERY_WALK,
  type DeliveryFilter,
  hasConnection,
  inWalk,
  isSparse,
  isWanted,
  walkDeliveries,
} from "./read-filter.ts";

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
  readonly number: number;
  readonly trigger: AttemptTrigger;
  readonly startedAt: number;
  readonly durationMs: number;
  readonly timings: AttemptTimings;
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
  /** The body is null once retention has deleted the payload. */
  readonly request: { readonly urlPreview: string; readonly body: string | null };
  readonly attempts: readonly AttemptListing[];
};

type DeliveryRow = Schema["deliveries"] & {
  readonly type: string;
  readonly connection_name: string;
  readonly hold_until: number | null;
};

/** A workspace's deliveries, newest first. */
export async function listDeliveries(
  db: Database,
  workspaceId: string,
  filter: DeliveryFilter,
  page: PageRequest,
): Promise<Page<DeliveryListing>> {
  const { connectionId } = filter;
  if (connectionId !== null && !(await hasConnection(db, workspaceId, connectionId))) return NO_ROWS;
  const walk = walkDeliveries(db, workspaceId, filter);
  const query = selectDeliveries(db).where(inWalk(workspaceId, filter)).where(isWanted(filter));
  const found = isSparse(filter)
    ? await readSparsePage(query, walk, page, DELIVERY_WALK)
    : await readPage(query, page, DELIVERY_WALK);
  return { ...found, rows: found.rows.map(toDelivery) };
}

/** The deliveries of one event, newest first: no more than the workspace has connections. */
export async function listDeliveriesOfEvent(
  db: Database,
  workspaceId: string,
  eventId: string,
  filter: DeliveryFilter,
  page: PageRequest,
): Promise<Page<DeliveryListing>> {
  const { connectionId, createdFrom, createdBefore } = filter;
  let query = selectDeliveries(db)
    .where("events.workspace_id", "=", workspaceId)
    .where("events.id", "=", eventId)
    .where(isWanted(filter));
  // As an expression, so that no index but that of the event is thought of.
  if (connectionId !== null) query = query.where(sql`deliveries.connection_id || ''`, "=", connectionId);
  if (createdFrom !== null) query = query.where("deliveries.created_at", ">=", createdFrom);
  if (createdBefore !== null) query = query.where("deliveries.created_at", "<", createdBefore);
  const found = await readPage(query, page, DELIVERY_WALK);
  return { ...found, rows: found.rows.map(toDelivery) };
}

const NO_ROWS = { rows: [], hasMore: false } as const;

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
  const event = { type: row.type, createdAt: row.happened_at, dataJson: row.data };
  const body = isPayloadDeleted(row.data) ? null : serializeEvent(event);
  return {
    ...toDelivery(row),
    request: { urlPreview: row.endpoint_preview, body },
    attempts: attempts.map((attempt) => toAttempt(attempt, row.event_id)),
  };
}

export function deliveryNotFound(): OpenSendError {
  return new OpenSendError(
    "not_found",
    "This workspace has no delivery with that id. Copy the id from the list of deliveries.",
  );
}

/** Deliveries with what `toDelivery` needs of their events and connections. */
export function selectDeliveries(db: Database) {
  return db
    .selectFrom("deliveries")
    .innerJoin("events", eventOfDelivery)
    .innerJoin("connections", "connections.id", "deliveries.connection_id")
    .selectAll("deliveries")
    .select(["events.type", "connections.name as connection_name", "connections.hold_until"]);
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
    nextAttemptAt:
      row.status === "pending" ? notBefore(row.hold_until, row.next_attempt_at) : row.next_attempt_at,
    lastAttemptAt: row.last_attempt_at,
    responseStatus: row.response_status,
    errorCode: row.error_code,
    durationMs: row.duration_ms,
    replayId: row.replay_id,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

/** What is due leaves no sooner than its connection lets anything leave. */
function notBefore(holdUntil: number | null, dueAt: number | null): number | null {
  return dueAt === null || holdUntil === null ? dueAt : Math.max(dueAt, holdUntil);
}

function toAttempt(row: Schema["attempts"], eventId: string): AttemptListing {
  return {
    number: row.number,
    trigger: row.trigger_kind,
    startedAt: row.started_at,
    durationMs: row.duration_ms,
    timings: unpackTimings(row.timings),
    requestHeaders: unpackHeaders(row.request_headers, eventId),
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
    explanation: unpackExplanation(row.explanation, row.response_status),
  };
}
