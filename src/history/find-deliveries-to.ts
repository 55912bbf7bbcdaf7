import { offIndex } from "../db/off-index.ts";
import type { Database } from "../db/open.ts";
import { eventOfDelivery } from "./event-of-delivery.ts";

/** A delivery and what is to be known of its event. */
export type FoundDelivery = {
  readonly deliveryId: string;
  readonly eventType: string;
  readonly acceptedAt: number;
};

/** The deliveries of these events to a connection, by event id, without those whose payload has been deleted. */
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
    .where("events.data", "!=", "")
    .execute();
  return new Map(
    rows.map((row) => [
      row.event_id,
      { deliveryId: row.id, eventType: row.type, acceptedAt: row.accepted_at },
    ]),
  );
}
