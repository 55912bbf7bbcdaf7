import { type RawBuilder, type SqlBool, sql } from "kysely";
import type { Database } from "../db/open.ts";
import type { Actor } from "../domain/actor.ts";
import { TEST_EVENT_TYPE } from "../domain/event.ts";
import { isAnyType } from "./is-any-type.ts";

/** The deliveries that a key with `connections` access can see: those to the connections it created. */
export type OwnDeliveries = {
  /** The key that created the connections, or the first key in its chain of replacements. */
  readonly ownerKeyId: string;
  /** The event types and patterns that the key is limited to; null for every type that applications send. */
  readonly eventTypes: readonly string[] | null;
};

/** Null for a caller who can see all deliveries of the workspace. */
export function ownDeliveriesOf({ key }: Pick<Actor, "key">): OwnDeliveries | null {
  return key?.isConfined === true ? { ownerKeyId: key.ownerId, eventTypes: key.eventTypes } : null;
}

/**
 * A condition on a row of `deliveries` that it is one of these; null for no condition. The event type is compared too: a person
 * can have subscribed the connection to more than its key can read, and OpenSend's own events, except for this
 * connection's tests, describe other connections.
 */
export function isOwnDelivery(own: OwnDeliveries | null): RawBuilder<SqlBool> {
  if (own === null) return sql`1 = 1`;
  const { ownerKeyId, eventTypes } = own;
  const isReadable = eventTypes === null ? sql`1 = 1` : isAnyType(sql.ref("events.type"), eventTypes);
  // Read as a value, since PostgreSQL could turn an `exists` into a join that starts from the connections.
  return sql`(select owner_key_id from connections where connections.id = deliveries.connection_id) = ${ownerKeyId}
    and exists (
      select 1 from events
      where events.workspace_id = deliveries.workspace_id and events.id = deliveries.event_id
        and (events.type = ${TEST_EVENT_TYPE} or (events.origin = 'application' and ${isReadable})))`;
}

/** The newest connections that a key created, some of them disconnected. */
export async function readOwnConnections(
  db: Database,
  workspaceId: string,
  { ownerKeyId }: OwnDeliveries,
  limit: number,
): Promise<readonly string[]> {
  const rows = await db
    .selectFrom("connections")
    .select("id")
    .where("workspace_id", "=", workspaceId)
    .where("owner_key_id", "=", ownerKeyId)
    .orderBy("created_at", "desc")
    .orderBy("id", "desc")
    .limit(limit)
    .execute();
  return rows.map(({ id }) => id);
}
