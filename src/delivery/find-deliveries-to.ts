import type { Database } from "../store/open.ts";

/** What of these events is owed to a connection, by event id. */
export async function findDeliveriesTo(
  db: Database,
  connectionId: string,
  eventIds: readonly string[],
): Promise<ReadonlyMap<string, { readonly deliveryId: string; readonly eventType: string }>> {
  if (eventIds.length === 0) return new Map();
  const rows = await db
    .selectFrom("deliveries")
    .innerJoin("events", "events.id", "deliveries.event_id")
    .select(["deliveries.id", "deliveries.event_id", "events.type"])
    .where("deliveries.event_id", "in", eventIds)
    .where("deliveries.connection_id", "=", connectionId)
    .execute();
  return new Map(rows.map(({ id, event_id, type }) => [event_id, { deliveryId: id, eventType: type }]));
}
