import { type RawBuilder, type SqlBool, sql } from "kysely";
import type { Database } from "../db/open.ts";
import type { Actor } from "../domain/actor.ts";
import { TEST_EVENT_TYPE } from "../domain/event.ts";
import { isAnyType } from "./is-any-type.ts";

/** The deliveries that a key with `connections` access may see: those to the connections it created. */
export type OwnDeliveries = {
  /** The key that created the connections, or the first of those which that key replaces. */
  readonly ownerKeyId: string;
  /** Types and patterns that the key is limited to; null for all that applications send. */
  readonly eventTypes: readonly string[] | null;
};

/** Null for a caller who may see all deliveries of the workspace. */
export function ownDeliveriesOf({ key }: Pick<Actor, "key">): OwnDeliveries | null {
  return key?.isConfined === true ? { ownerKeyId: key.ownerId, eventTypes: key.eventTypes } : null;
}

/**
 * Whether a row of `deliveries` is one of these; null for every row. A person may have subscribed the connection to more than its key may read;
 * OpenSend's own events tell of other connections, but for the tests of this one.
 */
export function isOwnDelivery(own: OwnDeliveries | null): RawBuilder<SqlBool> {
  if (own === null) return sql`1 = 1`;
  const { ownerKeyId, eventTypes } = own;
  const isReadable = eventTypes === null ? sql`1 = 1` : isAnyType(sql.ref("events.type"), eventTypes);
  // As a value: PostgreSQL could turn another `exists` into a join that begins at the connections.
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
