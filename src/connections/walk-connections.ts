import { type SelectQueryBuilder, sql } from "kysely";
import type { Database } from "../db/open.ts";
import { type Page, type Position, readPage } from "../db/paging.ts";
import type { Schema } from "../db/schema.ts";
import { LongWork } from "../db/turns.ts";
import type { ConnectionStatus } from "../domain/connection.ts";
import type { ConnectionState } from "../domain/connection-state.ts";
import type { Receiver } from "../domain/diagnostics/detect-receiver.ts";
import { type ConnectionRow, FACT_COLUMNS } from "./connection-row.ts";

/** Filters for connections; null matches all. */
export type ConnectionFilter = {
  /** Null for all except disconnected ones, unless `states` includes those. */
  readonly status: ConnectionStatus | null;
  readonly states: readonly ConnectionState[] | null;
  readonly provider: string | null;
  readonly receiver: Receiver | null;
  /** An event type or a pattern; matches connections that receive any event of it. */
  readonly eventType: string | null;
  /** Part of the name or host, case-insensitive; or an id. */
  readonly text: string | null;
  readonly externalId: string | null;
  /** The fingerprint of the endpoint's URL. */
  readonly fingerprint: string | null;
  /** Connections created by a key or by one of its replacements. */
  readonly ownerKeyId: string | null;
  /** All of these pairs must be in the metadata. */
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

/** How many of the newest connections are read for an order or filter without an index, or for a metadata pair. */
const LOOKED_AT_MAX = 20_000;
/** Rows per statement, which takes the embedded database about 3 ms. */
const SLICE_ROWS = 1000;

const WALKED_COLUMNS = ["id", "name", "provider", "event_types", "paused_reason", ...FACT_COLUMNS] as const;
export type WalkedRow = Pick<ConnectionRow, (typeof WALKED_COLUMNS)[number]>;

/** The newest connections, narrowed by what the database can filter, in slices. */
export async function* walkConnections(db: Database, workspaceId: string, filter: ConnectionFilter) {
  const query = applyFilter(db.selectFrom("connections").select(WALKED_COLUMNS), workspaceId, filter);
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
 * The ids of the newest connections with one metadata pair of a filter, in slices; connections without the pair are not
 * read. Ids begin with their creation time.
 *
 * @param before The id to continue after; null to begin.
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
    const remaining = last === null ? query : query.where("connection_id", "<", last);
    const rows = await remaining.limit(SLICE_ROWS).execute();
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

/** The first pair with at most one slice of connections, or else the first. */
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

/** Applies the filters that the database can evaluate. */
export function applyFilter<Row>(
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

/** Written as literals, so that the databases recognize the partial index. */
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

/** The database lowers both sides, since not every database lowers every letter. */
function contains(text: string) {
  const pattern = `%${text.replaceAll(/[\\%_]/g, "\\$&")}%`;
  return sql<boolean>`(lower(name) like lower(${pattern}) escape '\\' or lower(endpoint_host) like lower(${pattern}) escape '\\'
    or id = ${text.toLowerCase()})`;
}
