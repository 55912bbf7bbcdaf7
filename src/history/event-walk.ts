import { sql } from "kysely";
import { offIndex } from "../db/off-index.ts";
import type { Database } from "../db/open.ts";
import { type ShownOrigin, TEST_EVENT_TYPE } from "../domain/event.ts";
import { isAnyType } from "./is-any-type.ts";

/** Which events of a workspace are meant; null where everything is. Times are epoch milliseconds. */
export type EventFilter = {
  /** Exact types and prefixes such as `order.*`. */
  readonly types: readonly string[] | null;
  readonly origin: ShownOrigin | null;
  readonly acceptedFrom: number | null;
  readonly acceptedBefore: number | null;
  readonly hasFailed: boolean | null;
  /** What the data contains; looked for in what the rest of the filter leaves. */
  readonly text: string | null;
};

/** The columns that events are walked by. */
export const EVENT_WALK = { time: "accepted_at", id: "id" } as const;

/** Whether the walk leaves rows that the rest of the filter takes out. */
export function isSparse({ types, origin, hasFailed }: EventFilter): boolean {
  return [types, origin, hasFailed].some((one) => one !== null);
}

/** The part of all events that an index can walk. */
export function walkEvents(db: Database, workspaceId: string, { acceptedFrom, acceptedBefore }: EventFilter) {
  let query = db.selectFrom("events").where("workspace_id", "=", workspaceId);
  if (acceptedFrom !== null) query = query.where("accepted_at", ">=", acceptedFrom);
  if (acceptedBefore !== null) query = query.where("accepted_at", "<", acceptedBefore);
  return query;
}

/** What the rest of the filter leaves of a walk. */
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
