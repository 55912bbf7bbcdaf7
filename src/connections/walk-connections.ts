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
  const work = new LongWork(workspaceId);
  let after: Position | null = null;
  for (let looked = 0; looked < LOOKED_AT_MAX; looked += SLICE_ROWS) {
    const query = db.selectFrom("connections").select(WALKED_COLUMNS);
    const { rows, hasMore }: Page<WalkedRow> = await readPage(narrowed(query, workspaceId, filter), {
      limit: SLICE_ROWS,
      after,
    });
    yield rows;
    const last = rows.at(-1);
    if (!hasMore || last === undefined) return;
    after = { createdAt: last.created_at, id: last.id };
    await work.pause();
  }
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
  for (const [key, value] of Object.entries(filter.metadata))
    rows = rows.where(hasPair(workspaceId, key, value));
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

/** Ids begin with their time, so the highest are the newest. */
function hasPair(workspaceId: string, key: string, value: string) {
  return sql<boolean>`id in (select connection_id from connection_metadata
    where workspace_id = ${workspaceId} and key = ${key} and value = ${value}
    order by connection_id desc limit ${sql.lit(LOOKED_AT_MAX)})`;
}

/** Both sides are lowered by the database, since not every database lowers every letter. */
function contains(text: string) {
  const pattern = `%${text.replaceAll(/[\\%_]/g, "\\$&")}%`;
  return sql<boolean>`(lower(name) like lower(${pattern}) escape '\\' or lower(endpoint_host) like lower(${pattern}) escape '\\'
    or id = ${text.toLowerCase()})`;
}
