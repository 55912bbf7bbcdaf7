import { offIndex } from "../db/off-index.ts";
import type { Database } from "../db/open.ts";
import type { Schema } from "../db/schema.ts";
import { type EventOrigin, isPayloadDeleted, shownOrigin } from "../domain/event.ts";
import {
  createNotDelivered,
  NOT_DELIVERED_REASONS,
  type NotDeliveredReason,
} from "../domain/not-delivered.ts";

/** Connections that did not get an event, grouped by reason. */
export type NotDeliveredGroup = {
  readonly code: NotDeliveredReason;
  readonly reason: string;
  readonly count: number;
  /** The first of these connections. */
  readonly connections: readonly { readonly id: string; readonly name: string }[];
};

export type NotDelivered = {
  readonly groups: readonly NotDeliveredGroup[];
  /** False when the workspace has more connections than were examined. */
  readonly isComplete: boolean;
};

/** Limits the existing connections, and separately the disconnected ones. */
const LOOKED_AT_MAX = 2000;
const NAMED_MAX = 10;

type Event = Pick<Schema["events"], "id" | "type" | "accepted_at" | "data"> & {
  readonly origin: EventOrigin;
};

/** The connections that an event was not delivered to, by reason. A test is for one connection only, so it misses none. */
export async function readNotDelivered(
  db: Database,
  workspaceId: string,
  event: Event,
): Promise<NotDelivered> {
  if (shownOrigin(event) === "test") return { groups: [], isComplete: true };
  const read = (isDisconnected: boolean) => readMissed(db, workspaceId, event.id, isDisconnected);
  const [live, disconnected] = [await read(false), await read(true)];
  const why = createNotDelivered({
    type: event.type,
    origin: event.origin,
    acceptedAt: event.accepted_at,
    aboutConnectionId: aboutConnection(event),
  });
  const missed = [...live.slice(0, LOOKED_AT_MAX), ...disconnected.slice(0, LOOKED_AT_MAX)];
  const groups = Map.groupBy(missed, (row) =>
    why({ id: row.id, status: row.status, createdAt: row.created_at, eventTypes: row.event_types }),
  );
  return {
    groups: [...groups]
      .map(([code, rows]) => ({
        code,
        reason: NOT_DELIVERED_REASONS[code],
        count: rows.length,
        connections: rows.slice(0, NAMED_MAX).map(({ id, name }) => ({ id, name })),
      }))
      .sort((a, b) => b.count - a.count || (a.code < b.code ? -1 : 1)),
    isComplete: live.length <= LOOKED_AT_MAX && disconnected.length <= LOOKED_AT_MAX,
  };
}

async function readMissed(db: Database, workspaceId: string, eventId: string, isDisconnected: boolean) {
  return db
    .selectFrom("connections")
    .select(["id", "name", "status", "event_types", "created_at"])
    .where("workspace_id", "=", workspaceId)
    .where("status", isDisconnected ? "=" : "!=", "disconnected")
    .where("id", "not in", (eb) =>
      eb
        .selectFrom("deliveries")
        .select("connection_id")
        .where("event_id", "=", eventId)
        .where(offIndex("deliveries.workspace_id"), "=", workspaceId),
    )
    .orderBy("id")
    .limit(LOOKED_AT_MAX + 1)
    .execute();
}

function aboutConnection({ origin, data }: Event): string | null {
  if (origin !== "system" || isPayloadDeleted(data)) return null;
  const { connection_id: id } = JSON.parse(data) as { connection_id?: unknown };
  return typeof id === "string" ? id : null;
}
