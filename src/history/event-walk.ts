import { sql } from "kysely";
import { offIndex } from "../db/off-index.ts";
import type { Database } from "../db/open.ts";
import { type ShownOrigin, TEST_EVENT_TYPE } from "../domain/event.ts";
import { isAnyType } from "./is-any-type.ts";

/** A filter for events of a workspace; null matches everything. Times are epoch milliseconds. */
export type EventFilter = {
  /** Exact types and prefixes such as `order.*`. */
  readonly types: readonly string[] | null;
  readonly origin: ShownOrigin | null;
  readonly acceptedFrom: number | null;
  readonly acceptedBefore: number | null;
  readonly hasFailed: boolean | null;
  /** A text that the data contains, searched in the events that match the other conditions. */
  readonly text: string | null;
};

/** The columns by which events are walked. */
export const EVENT_WALK = { time: "accepted_at", id: "id" } as const;

/** Whether the walk leaves rows that the other conditions exclude. */
export function isSparse({ types, origin, hasFailed }: EventFilter): boolean {
  return [types, origin, hasFailed].some((one) => one !== null);
}

/** The part of the filter that an index can walk. */
export function walkEvents(db: Database, workspaceId: string, { acceptedFrom, acceptedBefore }: EventFilter) {
  let query = db.selectFrom("events").where("workspace_id", "=", workspaceId);
  if (acceptedFrom !== null) query = query.where("accepted_at", ">=", acceptedFrom);
  if (acceptedBefore !== null) query = query.where("accepted_at", "<", acceptedBefore);
  return query;
}

/** Applies the other conditions to a walk. */
export function whereWanted(query: ReturnType<typeof walkEvents>, { types, origin, hasFailed }: EventFilter) {
  let wanted = query;
  if (types !== null) wanted = wanted.where(isAnyType(sql.ref("events.type"), types));
  if (origin === "test") wanted = wanted.where("type", "=", TEST_EVENT_TYPE);
  else if (origin !== null) wanted = wanted.where("origin", "=", origin).where("type", "!=", TEST_EVENT_TYPE);
  if (hasFailed === null) return wanted;
  return wanted.where((eb) => {
    const failed = eb.exists(
      eb
        .selectFrom("deliveries")
        .select("deliveries.id")
        .where(offIndex("deliveries.workspace_id"), "=", eb.ref("events.workspace_id"))
        .whereRef("deliveries.event_id", "=", "events.id")
        .where("deliveries.status", "=", "failed"),
    );
    return hasFailed ? failed : eb.not(failed);
  });
}
