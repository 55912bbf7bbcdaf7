import { offIndex } from "../db/off-index.ts";
import type { Database, Dialect } from "../db/open.ts";
import { OpenSendError } from "../domain/errors.ts";
import { isPayloadDeleted } from "../domain/event.ts";
import { countOutcomes, type Outcomes } from "./count-outcomes.ts";
import { type EventListing, toEventListing } from "./event-listing.ts";
import { type NotDelivered, readNotDelivered } from "./not-delivered.ts";
import { type DeliveryListing, selectDeliveries, toDelivery } from "./read-deliveries.ts";

export type EventDetail = EventListing & {
  /** The exact value, as compact JSON; null once deleted. */
  readonly dataJson: string | null;
  /** When a person erased the payload; null if no one did. */
  readonly dataErasedAt: number | null;
  readonly outcomes: Outcomes;
  readonly deliveries: readonly DeliveryListing[];
  /** Whether the event has more deliveries than these. */
  readonly hasMoreDeliveries: boolean;
  readonly notDelivered: NotDelivered;
};

/** Deliveries shown with their event; the rest is in the list of deliveries. */
const DELIVERIES_SHOWN_MAX = 100;

/**
 * One event with its deliveries and the connections that it was not delivered to.
 *
 * @throws {OpenSendError} `not_found`.
 */
export async function getEvent(
  deps: { readonly db: Database; readonly dialect: Dialect },
  workspaceId: string,
  id: string,
): Promise<EventDetail> {
  const { db } = deps;
  const event = await db
    .selectFrom("events")
    .select([
      "id",
      "type",
      "created_at",
      "accepted_at",
      "data",
      "origin",
      "idempotency_key",
      "data_erased_at",
    ])
    .where("workspace_id", "=", workspaceId)
    .where("id", "=", id)
    .executeTakeFirst();
  if (event === undefined) throw eventNotFound();
  const deliveries = await selectDeliveries(db)
    .where(offIndex("deliveries.workspace_id"), "=", workspaceId)
    .where("deliveries.event_id", "=", id)
    .orderBy("deliveries.id")
    .limit(DELIVERIES_SHOWN_MAX + 1)
    .execute();
  const outcomes = (await countOutcomes(deps, workspaceId, [id])).get(id);
  if (outcomes === undefined) throw new Error("the outcomes of an event were not counted");
  return {
    ...toEventListing({ ...event, happened_at: event.created_at, created_at: event.accepted_at }),
    dataJson: isPayloadDeleted(event.data) ? null : event.data,
    dataErasedAt: event.data_erased_at,
    outcomes,
    deliveries: deliveries.slice(0, DELIVERIES_SHOWN_MAX).map(toDelivery),
    hasMoreDeliveries: deliveries.length > DELIVERIES_SHOWN_MAX,
    notDelivered: await readNotDelivered(db, workspaceId, event),
  };
}

export function eventNotFound(): OpenSendError {
  return new OpenSendError(
    "not_found",
    "This workspace has no event with that id. Copy the id from the list of events.",
  );
}
