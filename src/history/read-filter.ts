import { type ExpressionBuilder, sql } from "kysely";
import type { Database } from "../db/open.ts";
import type { Schema } from "../db/schema.ts";
import type { DeliveryStatus } from "../domain/delivery.ts";
import { type ResponseClass, statusRange } from "../domain/response-class.ts";

/** Which deliveries of a workspace are meant; null where everything is. Times are epoch milliseconds. */
export type DeliveryFilter = {
  readonly statuses: readonly DeliveryStatus[] | null;
  readonly connectionId: string | null;
  readonly eventType: string | null;
  readonly response: ResponseClass | null;
  readonly createdFrom: number | null;
  readonly createdBefore: number | null;
};

/** The columns that lists of deliveries are walked by. */
export const DELIVERY_WALK = { time: "deliveries.created_at", id: "deliveries.id" } as const;

/**
 * The part of all deliveries that an index can walk in order of time: those of the workspace or of one connection, all
 * or the failed ones. Exactly one of the two ids is compared, since either has an index and SQLite would have to guess
 * between them. The connection must be known to be the workspace's.
 */
export function inWalk(workspaceId: string, filter: DeliveryFilter) {
  return (eb: ExpressionBuilder<Schema, "deliveries">) =>
    eb.and([
      filter.connectionId === null
        ? eb("deliveries.workspace_id", "=", workspaceId)
        : eb("deliveries.connection_id", "=", filter.connectionId),
      ...(isFailedOnly(filter) ? [eb("deliveries.status", "=", FAILED)] : []),
      ...(filter.createdFrom === null ? [] : [eb("deliveries.created_at", ">=", filter.createdFrom)]),
      ...(filter.createdBefore === null ? [] : [eb("deliveries.created_at", "<", filter.createdBefore)]),
    ]);
}

/** Walks what `inWalk` says by the index alone. */
export function walkDeliveries(db: Database, workspaceId: string, filter: DeliveryFilter) {
  return db
    .selectFrom("deliveries")
    .select(["deliveries.id", "deliveries.created_at"])
    .where(inWalk(workspaceId, filter));
}

/** Whether the walk leaves rows that the rest of the filter takes out. */
export function isSparse(filter: DeliveryFilter): boolean {
  const isStatusWalked = filter.statuses === null || isFailedOnly(filter);
  return !isStatusWalked || filter.eventType !== null || filter.response !== null;
}

/** What is left of a walk by the rest of the filter. */
export function isWanted({ statuses, eventType, response }: DeliveryFilter) {
  return (eb: ExpressionBuilder<Schema, "deliveries">) =>
    eb.and([
      ...(statuses === null ? [] : [eb("deliveries.status", "in", statuses.map(literal))]),
      ...(response === null ? [] : [isAnswered(eb, response)]),
      ...(eventType === null ? [] : [eb(typeOfEvent(eb), "=", eventType)]),
    ]);
}

/** Not a join: PostgreSQL might then read all events to find the few of a rare type. */
export function typeOfEvent(eb: ExpressionBuilder<Schema, "deliveries">) {
  return eb
    .selectFrom("events")
    .select("events.type")
    .whereRef("events.workspace_id", "=", "deliveries.workspace_id")
    .whereRef("events.id", "=", "deliveries.event_id");
}

function isAnswered(eb: ExpressionBuilder<Schema, "deliveries">, response: ResponseClass) {
  const range = statusRange(response);
  if (range === null) {
    return eb.and([
      eb("deliveries.last_attempt_at", "is not", null),
      eb("deliveries.response_status", "is", null),
    ]);
  }
  return eb.and([
    eb("deliveries.response_status", ">=", range.from),
    eb("deliveries.response_status", "<", range.before),
  ]);
}

/** Whether the workspace has such a connection. */
export async function hasConnection(
  db: Database,
  workspaceId: string,
  connectionId: string,
): Promise<boolean> {
  const row = await db
    .selectFrom("connections")
    .select("id")
    .where("workspace_id", "=", workspaceId)
    .where("id", "=", connectionId)
    .executeTakeFirst();
  return row !== undefined;
}

/** Written into the statement: SQLite uses an index of failed deliveries only when it can see that they are. */
function literal(status: DeliveryStatus) {
  return sql.lit(status);
}

const FAILED = literal("failed");

function isFailedOnly({ statuses }: DeliveryFilter): boolean {
  return statuses?.length === 1 && statuses[0] === "failed";
}
