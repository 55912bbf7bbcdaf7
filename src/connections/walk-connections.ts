import { type SelectQueryBuilder, sql } from "kysely";
import type { Database } from "../db/open.ts";
import { type Page, type Position, readPage } from "../db/paging.ts";
import type { Schema } from "../db/schema.ts";
import { LongWork } from "../db/turns.ts";
import type { ConnectionStatus } from "../domain/connection.ts";
import type { ConnectionState } from "../domain/connection-state.ts";
import type { Receiver } from "../domain/diagnostics/detect-receiver.ts";
import { type ConnectionRow, FACT_COLUMNS } from "./connection-row.ts";

/** Which connections are meant; null where all are. */
export type ConnectionFilter = {
  /** Null for all but disconnected ones, unless `states` names those. */
  readonly status: ConnectionStatus | null;
  readonly states: readonly ConnectionState[] | null;
  readonly provider: string | null;
  readonly receiver: Receiver | null;
  /** An event type, or a pattern: connections that receive some events of it. */
  readonly eventType: string | null;
  /** Part of the name or of the host, in any case; or an id. */
  readonly text: string | null;
  readonly externalId: string | null;
  /** Of the endpoint's URL. */
  readonly fingerprint: string | null;
  /** Those that a key created, or one of the keys that replace it. */
  readonly ownerKeyId: string | null;
  /** Pairs that its metadata has, all of them. */
  readonly metadata: Readonly<Record<string, string>>;
};

export const EVERY_CONNECTION: ConnectionFilter = {
  status: null,
  states: null,
  provider: null,
  receiver: null,
  eventType: null,
  text: null,
  externalId: null,
  fingerprint: null,
  ownerKeyId: null,
  metadata: {},
};

/** Looked at for an order or a filter that no index serves, and of those with a pair of metadata; the newest are. */
const LOOKED_AT_MAX = 20_000;
/** Read by one statement, which takes the embedded database some 3 ms. */
const SLICE_ROWS = 1000;

const WALKED_COLUMNS = ["id", "name", "provider", "event_types", "paused_reason", ...FACT_COLUMNS] as const;
export type WalkedRow = Pick<ConnectionRow, (typeof WALKED_COLUMNS)[number]>;

/** The newest connections that the database alone can narrow down to, a slice at a time. */
export async function* walkConnections(db: Database, workspaceId: string, filter: ConnectionFilter) {
  const query = narrowed(db.selectFrom("connections").select(WALKED_COLUMNS), workspaceId, filter);
  if (hasMetadata(filter)) {
    for await (const ids of walkByMetadata(db, workspaceId, filter, null)) {
      yield await query.where("id", "in", ids).execute();
    }
    return;
  }
  const work = new LongWork(workspaceId);
  let after: Position | null = null;
  for (let looked = 0; looked < LOOKED_AT_MAX; looked += SLICE_ROWS) {
    const { rows, hasMore }: Page<WalkedRow> = await readPage(query, { limit: SLICE_ROWS, after });
    yield rows;
    const last = rows.at(-1);
    if (!hasMore || last === undefined) return;
    after = { createdAt: last.created_at, id: last.id };
    await work.pause();
  }
}

export function hasMetadata({ metadata }: ConnectionFilter): boolean {
  return Object.keys(metadata).length > 0;
}

/**
 * The ids of the newest connections with one pair of a filter's metadata, a slice at a time: however many others there are,
 * none is looked at. Ids begin with their time.
 *
 * @param before The id to go on after; null to begin.
 */
export async function* walkByMetadata(
  db: Database,
  workspaceId: string,
  { metadata }: ConnectionFilter,
  before: string | null,
) {
  const pairs = Object.entries(metadata).map((pair) => selectByPair(db, workspaceId, pair));
  const work = new LongWork(workspaceId);
  const query = await rarest(pairs);
  let last = before;
  for (let looked = 0; looked < LOOKED_AT_MAX; looked += SLICE_ROWS) {
    const rest = last === null ? query : query.where("connection_id", "<", last);
    const rows = await rest.limit(SLICE_ROWS).execute();
    const ids = rows.map((row) => row.connection_id);
    if (ids.length > 0) yield ids;
    if (ids.length < SLICE_ROWS) return;
    last = ids.at(-1) ?? null;
    await work.pause();
  }
}

function selectByPair(db: Database, workspaceId: string, [key, value]: readonly [string, string]) {
  return db
    .selectFrom("connection_metadata")
    .select("connection_id")
    .where("workspace_id", "=", workspaceId)
    .where("key", "=", key)
    .where("value", "=", value)
    .orderBy("connection_id", "desc");
}

/** The first that has no more than a slice, if there is one. */
async function rarest(pairs: readonly ReturnType<typeof selectByPair>[]) {
  const [first, ...others] = pairs;
  if (first === undefined) throw new Error("there is no metadata to walk by");
  if (others.length === 0) return first;
  for (const pair of pairs) {
    const beyond = await pair.offset(SLICE_ROWS).limit(1).executeTakeFirst();
    if (beyond === undefined) return pair;
  }
  return first;
}

/** What the database itself can tell of a filter on a workspace's connections. */
export function narrowed<Row>(
  query: SelectQueryBuilder<Schema, "connections", Row>,
  workspaceId: string,
  filter: ConnectionFilter,
): SelectQueryBuilder<Schema, "connections", Row> {
  let rows = ofStatus(query.where("workspace_id", "=", workspaceId), filter);
  if (filter.provider !== null) rows = rows.where("provider", "=", filter.provider);
  if (filter.receiver !== null) rows = rows.where("receiver", "=", filter.receiver);
  if (filter.externalId !== null) rows = rows.where("external_id", "=", filter.externalId);
  if (filter.fingerprint !== null) rows = rows.where("endpoint_fingerprint", "=", filter.fingerprint);
  if (filter.ownerKeyId !== null) rows = rows.where("owner_key_id", "=", filter.ownerKeyId);
  for (const [key, value] of Object.entries(filter.metadata)) rows = rows.where(hasPair(key, value));
  if (filter.text !== null) rows = rows.where(contains(filter.text));
  return rows;
}

/** Written out, so that the databases see which partial index holds what is asked for. */
export const LIVE = sql<boolean>`status <> 'disconnected'`;
export const DISCONNECTED = sql<boolean>`status = 'disconnected'`;

function ofStatus<Row>(
  query: SelectQueryBuilder<Schema, "connections", Row>,
  { status, states }: ConnectionFilter,
): SelectQueryBuilder<Schema, "connections", Row> {
  if (status === "disconnected") return query.where(DISCONNECTED);
  if (status !== null) return query.where(LIVE).where("status", "=", status);
  if (states?.includes("disconnected") !== true) return query.where(LIVE);
  return states.every((state) => state === "disconnected") ? query.where(DISCONNECTED) : query;
}

/** One lookup by key per connection. With `exists`, PostgreSQL would join every connection that has the pair. */
function hasPair(key: string, value: string) {
  return sql<boolean>`(select pair.value from connection_metadata as pair
    where pair.connection_id = connections.id and pair.key = ${key}) = ${value}`;
}

/** Both sides are lowered by the database, since not every database lowers every letter. */
function contains(text: string) {
  const pattern = `%${text.replaceAll(/[\\%_]/g, "\\$&")}%`;
  return sql<boolean>`(lower(name) like lower(${pattern}) escape '\\' or lower(endpoint_host) like lower(${pattern}) escape '\\'
    or id = ${text.toLowerCase()})`;
}
