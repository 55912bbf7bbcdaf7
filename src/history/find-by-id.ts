import type { Database } from "../db/open.ts";
import { eventOfDelivery } from "./event-of-delivery.ts";

/** The kind of object that an id belongs to, and its label. */
export type Found =
  | { readonly type: "event"; readonly eventType: string }
  | { readonly type: "delivery"; readonly eventType: string; readonly connectionName: string }
  | { readonly type: "replay"; readonly total: number };

/** The workspace's event, delivery or replay with this id, by one lookup in the key of each table. */
export async function findById(db: Database, workspaceId: string, id: string): Promise<Found[]> {
  const found = await Promise.all([
    findEvent(db, workspaceId, id),
    findDelivery(db, workspaceId, id),
    findReplay(db, workspaceId, id),
  ]);
  return found.filter((one) => one !== null);
}

async function findEvent(db: Database, workspaceId: string, id: string): Promise<Found | null> {
  const row = await db
    .selectFrom("events")
    .select("type")
    .where("workspace_id", "=", workspaceId)
    .where("id", "=", id)
    .executeTakeFirst();
  return row === undefined ? null : { type: "event", eventType: row.type };
}

async function findDelivery(db: Database, workspaceId: string, id: string): Promise<Found | null> {
  const row = await db
    .selectFrom("deliveries")
    .innerJoin("events", eventOfDelivery)
    .innerJoin("connections", "connections.id", "deliveries.connection_id")
    .select(["events.type", "connections.name"])
    .where("deliveries.workspace_id", "=", workspaceId)
    .where("deliveries.id", "=", id)
    .executeTakeFirst();
  return row === undefined ? null : { type: "delivery", eventType: row.type, connectionName: row.name };
}

async function findReplay(db: Database, workspaceId: string, id: string): Promise<Found | null> {
  const row = await db
    .selectFrom("replays")
    .select("total")
    .where("workspace_id", "=", workspaceId)
    .where("id", "=", id)
    .executeTakeFirst();
  return row === undefined ? null : { type: "replay", total: row.total };
}
