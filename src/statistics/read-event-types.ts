import { sql } from "kysely";
import type { Database } from "../db/open.ts";
import { isOfType } from "./read-rollups.ts";

/** A type that a workspace's events have used. Times are epoch milliseconds. */
export type SeenEventType = {
  readonly type: string;
  readonly events: number;
  readonly firstSeenAt: number;
  readonly lastSeenAt: number;
  readonly exampleEventId: string;
};

export type EventTypesPage = {
  /** Types, and prefixes such as `order.*`; null for all. */
  readonly patterns: readonly string[] | null;
  /** The last type of the previous page. */
  readonly after: string | null;
  readonly limit: number;
};

/** The event types of a workspace, by name; includes folded commits only. */
export async function listEventTypes(
  db: Database,
  workspaceId: string,
  { patterns, after, limit }: EventTypesPage,
): Promise<{ readonly rows: readonly SeenEventType[]; readonly hasMore: boolean }> {
  const found = await db
    .selectFrom("event_types")
    .selectAll()
    .where("workspace_id", "=", workspaceId)
    .$if(after !== null, (query) => query.where("type", ">", after ?? ""))
    .$if(patterns !== null, (query) =>
      query.where((eb) => eb.or((patterns ?? []).map((pattern) => isOfType(sql.ref("type"), pattern)))),
    )
    .orderBy("type")
    .limit(limit + 1)
    .execute();
  const rows = found.slice(0, limit).map((row) => ({
    type: row.type,
    events: row.events,
    firstSeenAt: row.first_seen_at,
    lastSeenAt: row.last_seen_at,
    exampleEventId: row.example_event_id,
  }));
  return { rows, hasMore: found.length > limit };
}
