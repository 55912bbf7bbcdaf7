import type { JoinBuilder } from "kysely";
import type { Schema } from "../db/schema.ts";

/** Joins deliveries with their events. An event's id is only unique within its workspace, so both are compared. */
export function eventOfDelivery(join: JoinBuilder<Schema, "events" | "deliveries">) {
  return join
    .onRef("events.workspace_id", "=", "deliveries.workspace_id")
    .onRef("events.id", "=", "deliveries.event_id");
}
