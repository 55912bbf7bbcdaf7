import type { Database } from "../db/open.ts";
import { readSliceEnd, type Slice, within } from "../db/paging.ts";
import type { Schema } from "../db/schema.ts";
import {
  type ComparedAttempt,
  compareAttempts,
  type Difference,
} from "../domain/diagnostics/compare-attempts.ts";
import { isPayloadDeleted, serializeEvent } from "../domain/event.ts";
import type { JsonObject } from "../domain/json/json.ts";
import { DELIVERY_WALK } from "./delivery-walk.ts";
import { type AttemptListing, deliveryNotFound, getDelivery } from "./read-deliveries.ts";
import { isOfTypes } from "./read-filter.ts";

/** A change of the connection, from the audit log. */
export type ConnectionChange = {
  readonly at: number;
  readonly action: string;
  readonly by: { readonly kind: string; readonly name: string };
  /** The fields that were set, if the change names them. */
  readonly fields: readonly string[];
};

export type CompareDeps = {
  readonly db: Database;
  /** Changes to a connection from `from` up to `before`, newest first; not all if there were too many. */
  readonly readConnectionChanges: (
    workspaceId: string,
    connectionId: string,
    from: number,
    before: number,
  ) => Promise<{ readonly changes: readonly ConnectionChange[]; readonly areAll: boolean }>;
};

/** Why there is no attempt to compare with. */
export type NoComparison = "has_not_failed" | "never_delivered" | "not_delivered_lately" | "details_deleted";

export type Comparison = {
  readonly lastSuccess: {
    readonly deliveryId: string;
    readonly eventType: string;
    readonly attemptNumber: number;
    readonly at: number;
  };
  readonly failure: { readonly attemptNumber: number; readonly at: number };
  readonly connectionChanges: readonly ConnectionChange[];
  readonly areAllChanges: boolean;
  readonly differences: readonly Difference[];
};

/**
 * The differences since a delivery's connection last worked: its latest failed attempt compared with the last earlier
 * one that was delivered, of the same event type if there is one.
 *
 * @throws {OpenSendError} `not_found`.
 */
export async function compareDelivery(
  deps: CompareDeps,
  workspaceId: string,
  id: string,
): Promise<Comparison | NoComparison> {
  const delivery = await getDelivery(deps.db, workspaceId, id);
  const hasEnded = delivery.status === "delivered" || delivery.status === "cancelled";
  if (hasEnded || delivery.attemptCount === 0) return "has_not_failed";
  const failure = delivery.attempts.findLast(({ error }) => error !== null);
  if (failure === undefined) return delivery.attempts.length === 0 ? "details_deleted" : "has_not_failed";

  // A delivery that arrived and was replayed is its own best comparison.
  const own = delivery.attempts.findLast((one) => one.error === null && one.number < failure.number);
  const found = own ? { id } : await findLastSuccess(deps.db, workspaceId, delivery, failure.startedAt);
  if (typeof found === "string") return found;
  const before = own ? delivery : await getDelivery(deps.db, workspaceId, found.id);
  const success = own ?? before.attempts.findLast(({ error }) => error === null);
  const [then, now] = [
    await readEvent(deps.db, workspaceId, before.eventId),
    await readEvent(deps.db, workspaceId, delivery.eventId),
  ];
  if (success === undefined || isPayloadDeleted(then.data) || isPayloadDeleted(now.data))
    return "details_deleted";

  const { changes, areAll } = await deps.readConnectionChanges(
    workspaceId,
    delivery.connectionId,
    success.startedAt,
    failure.startedAt,
  );
  return {
    lastSuccess: {
      deliveryId: before.id,
      eventType: before.eventType,
      attemptNumber: success.number,
      at: success.startedAt,
    },
    failure: { attemptNumber: failure.number, at: failure.startedAt },
    connectionChanges: changes,
    areAllChanges: areAll,
    differences: compareAttempts(comparedOf(success, then), comparedOf(failure, now)),
  };
}

type Failed = {
  readonly id: string;
  readonly connectionId: string;
  readonly eventType: string;
  readonly createdAt: number;
};

/** Examines a bounded number of earlier deliveries to the connection, by its index. */
async function findLastSuccess(
  db: Database,
  workspaceId: string,
  failed: Failed,
  failedAt: number,
): Promise<{ readonly id: string } | "never_delivered" | "not_delivered_lately"> {
  const connection = await db
    .selectFrom("connections")
    .select("first_failure_at")
    .where("workspace_id", "=", workspaceId)
    .where("id", "=", failed.connectionId)
    .executeTakeFirst();
  if (connection === undefined) throw deliveryNotFound();
  // Nothing has arrived since the run of failures began, so the search skips the backlog since then.
  const runBeganAt = connection.first_failure_at;
  const after =
    runBeganAt !== null && runBeganAt < failed.createdAt
      ? { createdAt: runBeganAt, id: ID_MAX }
      : { createdAt: failed.createdAt, id: failed.id };
  const until = await readSliceEnd(walkConnection(db, failed.connectionId), after, "desc", DELIVERY_WALK);
  const slice = { after, until };
  const found =
    (await findDelivered(db, failed.connectionId, slice, failedAt, failed.eventType)) ??
    (await findDelivered(db, failed.connectionId, slice, failedAt, null));
  return found ?? (until === null ? "never_delivered" : "not_delivered_lately");
}

/** Sorts after every id. */
const ID_MAX = "ffffffff-ffff-ffff-ffff-ffffffffffff";

function walkConnection(db: Database, connectionId: string) {
  return db
    .selectFrom("deliveries")
    .where("connection_id", "=", connectionId)
    .select(["deliveries.id", "deliveries.created_at"]);
}

async function findDelivered(
  db: Database,
  connectionId: string,
  slice: Slice,
  triedBefore: number,
  eventType: string | null,
): Promise<{ readonly id: string } | undefined> {
  let query = within(walkConnection(db, connectionId), slice, "desc", DELIVERY_WALK)
    .where("status", "=", "delivered")
    .where("last_attempt_at", "<", triedBefore);
  if (eventType !== null) query = query.where(isOfTypes([eventType]));
  return query
    .orderBy("deliveries.created_at", "desc")
    .orderBy("deliveries.id", "desc")
    .limit(1)
    .executeTakeFirst();
}

async function readEvent(
  db: Database,
  workspaceId: string,
  id: string,
): Promise<Pick<Schema["events"], "type" | "created_at" | "data">> {
  return db
    .selectFrom("events")
    .select(["type", "created_at", "data"])
    .where("workspace_id", "=", workspaceId)
    .where("id", "=", id)
    .executeTakeFirstOrThrow();
}

function comparedOf(
  attempt: AttemptListing,
  event: { readonly type: string; readonly created_at: number; readonly data: string },
): ComparedAttempt {
  const body = serializeEvent({ type: event.type, createdAt: event.created_at, dataJson: event.data });
  return {
    eventType: event.type,
    requestHeaders: attempt.requestHeaders,
    bodyBytes: Buffer.byteLength(body),
    data: JSON.parse(event.data) as JsonObject,
    response: attempt.response,
    errorCode: attempt.error?.code ?? null,
    timings: attempt.timings,
  };
}
