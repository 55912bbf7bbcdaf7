import { offIndex } from "../db/off-index.ts";
import type { Database, DatabaseTransaction, Dialect } from "../db/open.ts";
import { eventOfDelivery } from "./event-of-delivery.ts";

/** A delivery, and its event's type and time. */
export type FoundDelivery = {
  readonly deliveryId: string;
  readonly eventType: string;
  readonly acceptedAt: number;
};

/** The deliveries of these events to a connection, by event id. */
export async function findDeliveriesTo(
  db: Database,
  workspaceId: string,
  connectionId: string,
  eventIds: readonly string[],
): Promise<ReadonlyMap<string, FoundDelivery>> {
  if (eventIds.length === 0) return new Map();
  const rows = await db
    .selectFrom("deliveries")
    .innerJoin("events", eventOfDelivery)
    .select(["deliveries.id", "deliveries.event_id", "events.type", "events.accepted_at"])
    .where(offIndex("deliveries.workspace_id"), "=", workspaceId)
    .where("deliveries.event_id", "in", eventIds)
    .where(offIndex("deliveries.connection_id"), "=", connectionId)
    .execute();
  return new Map(
    rows.map((row) => [
      row.event_id,
      { deliveryId: row.id, eventType: row.type, acceptedAt: row.accepted_at },
    ]),
  );
}

/** The events among these that still have their payload, which is kept until the transaction ends. */
export async function lockPayloads(
  trx: DatabaseTransaction,
  dialect: Dialect,
  workspaceId: string,
  eventIds: readonly string[],
): Promise<ReadonlySet<string>> {
  if (eventIds.length === 0) return new Set();
  const rows = await trx
    .selectFrom("events")
    .select("id")
    .where("workspace_id", "=", workspaceId)
    .where("id", "in", [...new Set(eventIds)])
    .where("data", "!=", "")
    .orderBy("id")
    .$if(dialect === "postgres", (query) => query.forShare())
    .execute();
  return new Set(rows.map(({ id }) => id));
}
