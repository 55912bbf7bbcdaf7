import { type RawBuilder, type SqlBool, sql } from "kysely";
import { isAmong } from "../db/among.ts";
import { offIndex } from "../db/off-index.ts";
import type { Database, Dialect } from "../db/open.ts";
import type { DeliveryStatus } from "../domain/delivery.ts";
import { type ResponseClass, statusRange } from "../domain/response-class.ts";
import { isOfType } from "../statistics/read-rollups.ts";
import { isOwnDelivery, type OwnDeliveries } from "./own-deliveries.ts";

/** A filter for deliveries of a workspace; null matches everything. Times are epoch milliseconds. */
export type DeliveryFilter = {
  /** Chosen individually, at most `IDS_MAX`. */
  readonly ids: readonly string[] | null;
  readonly statuses: readonly DeliveryStatus[] | null;
  readonly connectionIds: readonly string[] | null;
  readonly eventId: string | null;
  /** Exact types and prefixes such as `order.*`. */
  readonly eventTypes: readonly string[] | null;
  readonly response: ResponseClass | null;
  readonly responseStatuses: readonly number[] | null;
  readonly errorCodes: readonly string[] | null;
  readonly createdFrom: number | null;
  readonly createdBefore: number | null;
  /** The deliveries that the caller can see; undefined or null for all. */
  readonly own?: OwnDeliveries | null;
};

export const ANY_DELIVERY: DeliveryFilter = {
  ids: null,
  statuses: null,
  connectionIds: null,
  eventId: null,
  eventTypes: null,
  response: null,
  responseStatuses: null,
  errorCodes: null,
  createdFrom: null,
  createdBefore: null,
};

/** Values of one kind that a filter can contain: each may become an index range. */
export const VALUES_MAX = 50;
export const IDS_MAX = 1000;

/**
 * The conditions of a filter that the index walk does not cover. Every column is compared as an expression, so that
 * neither database considers an index other than the walk's.
 */
export function wantedConditions(
  dialect: Dialect,
  workspaceId: string,
  filter: DeliveryFilter,
): RawBuilder<SqlBool>[] {
  const { statuses, connectionIds, eventTypes, response, responseStatuses, errorCodes, own = null } = filter;
  return [
    sql`${offIndex("deliveries.workspace_id")} = ${workspaceId}`,
    ...(statuses === null ? [] : [sql<SqlBool>`${offIndex("deliveries.status")} in (${sql.join(statuses)})`]),
    ...(connectionIds === null
      ? []
      : [isAmong(dialect, offIndex("deliveries.connection_id"), connectionIds)]),
    ...(errorCodes === null ? [] : [isAmong(dialect, offIndex("deliveries.error_code"), errorCodes)]),
    ...(responseStatuses === null
      ? []
      : [sql<SqlBool>`deliveries.response_status in (${sql.join(responseStatuses)})`]),
    ...(response === null ? [] : [hasResponse(response)]),
    ...(eventTypes === null ? [] : [isOfTypes(eventTypes)]),
    ...(own === null ? [] : [isOwnDelivery(own)]),
  ];
}

/** The time conditions of a filter, which limit every index walk at both ends. */
export function timeConditions({ createdFrom, createdBefore }: DeliveryFilter): RawBuilder<SqlBool>[] {
  return [
    ...(createdFrom === null ? [] : [sql<SqlBool>`deliveries.created_at >= ${createdFrom}`]),
    ...(createdBefore === null ? [] : [sql<SqlBool>`deliveries.created_at < ${createdBefore}`]),
  ];
}

/** Not a join, with which PostgreSQL might read all events to find the few of a rare type. */
export function isOfTypes(eventTypes: readonly string[]): RawBuilder<SqlBool> {
  const isOne = eventTypes.map((type) => isOfType(sql.ref("events.type"), type));
  return sql`exists (
    select 1 from events
    where events.workspace_id = deliveries.workspace_id and events.id = deliveries.event_id
      and (${sql.join(isOne, sql` or `)}))`;
}

function hasResponse(response: ResponseClass): RawBuilder<SqlBool> {
  const range = statusRange(response);
  if (range === null) {
    return sql`deliveries.last_attempt_at is not null and deliveries.response_status is null`;
  }
  return sql`deliveries.response_status >= ${range.from} and deliveries.response_status < ${range.before}`;
}

/** The connections among these that belong to the workspace, and that the caller's key can see. */
export async function knownConnections(
  { db, dialect }: { readonly db: Database; readonly dialect: Dialect },
  workspaceId: string,
  connectionIds: readonly string[],
  own: OwnDeliveries | null = null,
): Promise<readonly string[]> {
  const rows = await db
    .selectFrom("connections")
    .select(["id", "workspace_id", "owner_key_id"])
    .where((eb) => isAmong(dialect, eb.ref("id"), connectionIds))
    .execute();
  return rows
    .filter((row) => row.workspace_id === workspaceId)
    .filter((row) => own === null || row.owner_key_id === own.ownerKeyId)
    .map(({ id }) => id);
}
