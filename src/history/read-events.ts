import type { Database } from "../db/open.ts";
import { type Page, type PageRequest, readPage, readSparsePage } from "../db/paging.ts";
import { OpenSendError } from "../domain/errors.ts";
import { isPayloadDeleted } from "../domain/event.ts";
import { explainNoMatch } from "../domain/event-filter.ts";
import { type DeliveryListing, selectDeliveries, toDelivery } from "./read-deliveries.ts";

/** An event as lists show it. Times are epoch milliseconds. */
export type EventListing = {
  readonly id: string;
  readonly type: string;
  /** When it happened, by its sender. */
  readonly happenedAt: number;
  /** When it was stored; lists go by it. */
  readonly createdAt: number;
};

export type EventDetail = EventListing & {
  /** The exact value, as compact JSON; null once retention has deleted it. */
  readonly dataJson: string | null;
  readonly deliveries: readonly DeliveryListing[];
  /** Connections that did not get it, and why. */
  readonly notDelivered: readonly {
    readonly connectionId: string;
    readonly name: string;
    readonly reason: string;
  }[];
};

export type EventFilter = {
  readonly type: string | null;
  readonly acceptedFrom: number | null;
  readonly acceptedBefore: number | null;
  readonly hasFailed: boolean | null;
};

/** A workspace's events, the last accepted first. */
export async function listEvents(
  db: Database,
  workspaceId: string,
  filter: EventFilter,
  page: PageRequest,
): Promise<Page<EventListing>> {
  const walk = walkEvents(db, workspaceId, filter).select(["id", "accepted_at as created_at"]);
  const query = whereWanted(walkEvents(db, workspaceId, filter), filter).select([
    "id",
    "type",
    "created_at as happened_at",
    "accepted_at as created_at",
  ]);
  const found =
    filter.type === null && filter.hasFailed === null
      ? await readPage(query, page, EVENT_WALK)
      : await readSparsePage(query, walk, page, EVENT_WALK);
  const rows = found.rows.map((row) => ({
    id: row.id,
    type: row.type,
    happenedAt: row.happened_at,
    createdAt: row.created_at,
  }));
  return { ...found, rows };
}

const EVENT_WALK = { time: "accepted_at", id: "id" } as const;

/** The part of all events that an index can walk. */
function walkEvents(db: Database, workspaceId: string, { acceptedFrom, acceptedBefore }: EventFilter) {
  let query = db.selectFrom("events").where("workspace_id", "=", workspaceId);
  if (acceptedFrom !== null) query = query.where("accepted_at", ">=", acceptedFrom);
  if (acceptedBefore !== null) query = query.where("accepted_at", "<", acceptedBefore);
  return query;
}

function whereWanted(query: ReturnType<typeof walkEvents>, { type, hasFailed }: EventFilter) {
  const ofType = type === null ? query : query.where("type", "=", type);
  if (hasFailed === null) return ofType;
  return ofType.where((eb) => {
    const failed = eb.exists(
      eb
        .selectFrom("deliveries")
        .select("deliveries.id")
        .whereRef("deliveries.workspace_id", "=", "events.workspace_id")
        .whereRef("deliveries.event_id", "=", "events.id")
        .where("deliveries.status", "=", "failed"),
    );
    return hasFailed ? failed : eb.not(failed);
  });
}

/**
 * One event with what became of it.
 *
 * @throws {OpenSendError} `not_found`.
 */
export async function getEvent(db: Database, workspaceId: string, id: string): Promise<EventDetail> {
  const event = await db
    .selectFrom("events")
    .select(["id", "type", "created_at", "accepted_at", "data"])
    .where("workspace_id", "=", workspaceId)
    .where("id", "=", id)
    .executeTakeFirst();
  if (event === undefined) {
    throw new OpenSendError(
      "not_found",
      "This workspace has no event with that id. Copy the id from the list of events.",
    );
  }
  const deliveries = await selectDeliveries(db)
    .where("deliveries.workspace_id", "=", workspaceId)
    .where("deliveries.event_id", "=", id)
    .orderBy("deliveries.id")
    .execute();
  return {
    id: event.id,
    type: event.type,
    happenedAt: event.created_at,
    createdAt: event.accepted_at,
    dataJson: isPayloadDeleted(event.data) ? null : event.data,
    deliveries: deliveries.map(toDelivery),
    notDelivered: await readNotDelivered(
      db,
      workspaceId,
      event,
      new Set(deliveries.map((row) => row.connection_id)),
    ),
  };
}

async function readNotDelivered(
  db: Database,
  workspaceId: string,
  event: { readonly type: string; readonly accepted_at: number },
  reached: ReadonlySet<string>,
) {
  const connections = await db
    .selectFrom("connections")
    .select(["id", "name", "status", "event_types", "created_at"])
    .where("workspace_id", "=", workspaceId)
    .orderBy("id")
    .execute();
  return connections
    .filter(({ id }) => !reached.has(id))
    .map(({ id, name, status, event_types, created_at }) => {
      const mismatch = explainNoMatch(event.type, JSON.parse(event_types) as string[], status);
      const later = "It was connected or changed after the event was accepted.";
      const reason =
        created_at > event.accepted_at ? "The connection was created after this event." : (mismatch ?? later);
      return { connectionId: id, name, reason };
    });
}
