import { isAmong } from "../db/among.ts";
import type { Database } from "../db/open.ts";
import type { Page } from "../db/paging.ts";
import type { Schema } from "../db/schema.ts";
import type { AttemptTrigger, DeliveryStatus } from "../domain/delivery.ts";
import type { SendState } from "../domain/delivery-hold.ts";
import type { Ordered } from "../domain/delivery-order.ts";
import type { Explanation } from "../domain/diagnostics/explanation.ts";
import { OpenSendError } from "../domain/errors.ts";
import { isPayloadDeleted, serializeEvent } from "../domain/event.ts";
import type { AttemptTimings } from "../domain/outcome.ts";
import { unpackExplanation, unpackHeaders, unpackTimings } from "./attempt-columns.ts";
import type { WalkDeps } from "./delivery-walk.ts";
import { eventOfDelivery } from "./event-of-delivery.ts";
import { isOwnDelivery, type OwnDeliveries } from "./own-deliveries.ts";
import { type DeliveryPageRequest, pageDeliveries, type Searched } from "./page-deliveries.ts";
import type { DeliveryFilter } from "./read-filter.ts";
import { searchDeliveries } from "./search-deliveries.ts";
import { type SortedPage, type SortedPageRequest, sortDeliveries } from "./sort-deliveries.ts";

/** Attempts returned with a delivery; the others have pages of their own. */
export const ATTEMPTS_SHOWN = 20;

/** A delivery as shown in lists. Times are epoch milliseconds. */
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
  /** The last attempt and its result; null before the first. */
  readonly lastAttemptAt: number | null;
  readonly responseStatus: number | null;
  readonly errorCode: string | null;
  readonly durationMs: number | null;
  /** The replay that queued it, until its attempt has ended. */
  readonly replayId: string | null;
  /** Why its connection's state makes it wait. */
  readonly queue: SendState;
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
  /** The newest `ATTEMPTS_SHOWN`, oldest first. */
  readonly attempts: readonly AttemptListing[];
};

const QUEUE_COLUMNS = [
  "probe_at",
  "probe_delay_ms",
  "hold_until",
  "hold_ms",
  "ordered",
  "rate_limit_per_minute",
  "rate_next_at",
] as const;

type DeliveryRow = Schema["deliveries"] &
  Pick<Schema["connections"], (typeof QUEUE_COLUMNS)[number]> & {
    readonly type: string;
    readonly connection_name: string;
    readonly connection_status: Schema["connections"]["status"];
  };

export type DeliveryPage = Page<DeliveryListing> & { readonly searched: Searched | null };

/** A workspace's deliveries, sorted by creation time; with a text, those that contain it. */
export async function listDeliveries(
  deps: WalkDeps,
  workspaceId: string,
  filter: DeliveryFilter,
  page: DeliveryPageRequest,
  text: string | null = null,
): Promise<DeliveryPage> {
  const found =
    text === null
      ? await pageDeliveries(deps, workspaceId, filter, page)
      : await searchDeliveries(deps, workspaceId, filter, text, page);
  return { ...found, rows: await readListed(deps, found.rows) };
}

export type SortedDeliveries = Omit<SortedPage, "rows"> & {
  readonly rows: readonly DeliveryListing[];
  /** The last row's position, where the next page continues. */
  readonly last: Ordered | null;
};

/** The same in an order other than by creation. */
export async function listSortedDeliveries(
  deps: WalkDeps,
  workspaceId: string,
  filter: DeliveryFilter,
  page: SortedPageRequest,
  text: string | null = null,
): Promise<SortedDeliveries> {
  const sorted = await sortDeliveries(deps, workspaceId, filter, text, page);
  return { ...sorted, rows: await readListed(deps, sorted.rows), last: sorted.rows.at(-1) ?? null };
}

/** The deliveries with these ids, in their order. */
export async function readListed(
  { db, dialect }: WalkDeps,
  positions: readonly { readonly id: string }[],
): Promise<readonly DeliveryListing[]> {
  if (positions.length === 0) return [];
  const ids = positions.map(({ id }) => id);
  const rows = await selectDeliveries(db)
    .where((eb) => isAmong(dialect, eb.ref("deliveries.id"), ids))
    .execute();
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.flatMap((id) => {
    const row = byId.get(id);
    return row === undefined ? [] : [toDelivery(row)];
  });
}

/**
 * One delivery with its newest attempts: requests, responses and explanations.
 *
 * @throws {OpenSendError} `not_found`.
 */
export async function getDelivery(
  db: Database,
  workspaceId: string,
  id: string,
  own: OwnDeliveries | null = null,
): Promise<DeliveryDetail> {
  const row = await selectDeliveries(db)
    .select(["events.created_at as happened_at", "events.data", "connections.endpoint_preview"])
    .where("deliveries.workspace_id", "=", workspaceId)
    .where("deliveries.id", "=", id)
    .where(isOwnDelivery(own))
    .executeTakeFirst();
  if (row === undefined) throw deliveryNotFound();
  const attempts = await db
    .selectFrom("attempts")
    .selectAll()
    .where("delivery_id", "=", id)
    .orderBy("number", "desc")
    .limit(ATTEMPTS_SHOWN)
    .execute();
  const event = { type: row.type, createdAt: row.happened_at, dataJson: row.data };
  const body = isPayloadDeleted(row.data) ? null : serializeEvent(event);
  return {
    ...toDelivery(row),
    request: { urlPreview: row.endpoint_preview, body },
    attempts: attempts.toReversed().map((attempt) => toAttempt(attempt, row.event_id)),
  };
}

export type AttemptsRequest = {
  readonly before: number | null;
  readonly limit: number;
  readonly own: OwnDeliveries | null;
};

/**
 * Attempts at a delivery, newest first, before a given number.
 *
 * @throws {OpenSendError} `not_found`.
 */
export async function listAttempts(
  db: Database,
  workspaceId: string,
  id: string,
  { before, limit, own }: AttemptsRequest,
): Promise<{ readonly rows: readonly AttemptListing[]; readonly hasMore: boolean }> {
  const delivery = await db
    .selectFrom("deliveries")
    .select("event_id")
    .where("workspace_id", "=", workspaceId)
    .where("id", "=", id)
    .where(isOwnDelivery(own))
    .executeTakeFirst();
  if (delivery === undefined) throw deliveryNotFound();
  const found = await db
    .selectFrom("attempts")
    .selectAll()
    .where("delivery_id", "=", id)
    .$if(before !== null, (query) => query.where("number", "<", before ?? 0))
    .orderBy("number", "desc")
    .limit(limit + 1)
    .execute();
  const rows = found.slice(0, limit).map((attempt) => toAttempt(attempt, delivery.event_id));
  return { rows, hasMore: found.length > limit };
}

export function deliveryNotFound(): OpenSendError {
  return new OpenSendError(
    "not_found",
    "This workspace has no delivery with that id. Copy the id from the list of deliveries.",
  );
}

/** Deliveries with the columns of their events and connections that `toDelivery` needs. */
export function selectDeliveries(db: Database) {
  return db
    .selectFrom("deliveries")
    .innerJoin("events", eventOfDelivery)
    .innerJoin("connections", "connections.id", "deliveries.connection_id")
    .selectAll("deliveries")
    .select(["events.type", "connections.name as connection_name", "connections.status as connection_status"])
    .select(QUEUE_COLUMNS.map((column) => `connections.${column}` as const));
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
    queue: {
      status: row.connection_status,
      breaker: { probeAt: row.probe_at, probeDelayMs: row.probe_delay_ms },
      hold: { until: row.hold_until, lengthMs: row.hold_ms },
      isOrdered: row.ordered === 1,
      rateLimitPerMinute: row.rate_limit_per_minute,
      rateUsedUntil: row.rate_next_at,
    },
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

/** A due delivery leaves no sooner than its connection's hold ends. */
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
