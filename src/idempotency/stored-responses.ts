import { type RawBuilder, sql } from "kysely";
import type { Database, DatabaseTransaction, Dialect } from "../db/open.ts";
import type { Schema } from "../db/schema.ts";

/** How long a key is kept for repeated requests. */
const STORED_MS = 24 * 60 * 60 * 1000;

/** An idempotency key within its workspace. */
export type WorkspaceKey = { readonly workspaceId: string; readonly key: string };

export type StoredResponse = WorkspaceKey & {
  /** See `request-digest.ts`. */
  readonly digest: string;
  /** JSON: the data needed to repeat the response, such as the id of the object that the request created or changed. */
  readonly response: string;
};

/** Identifies a key across all workspaces. */
export function nameOf({ workspaceId, key }: WorkspaceKey): string {
  return `${workspaceId} ${key}`;
}

/** The stored responses for these keys, by `nameOf`. Expired keys count as never used. */
export async function readStored(
  db: Database,
  dialect: Dialect,
  keys: readonly WorkspaceKey[],
  now: number,
): Promise<ReadonlyMap<string, StoredResponse>> {
  if (keys.length === 0) return new Map();
  const { rows } = await sql<
    Pick<Schema["idempotency_keys"], "workspace_id" | "key" | "request_digest" | "response">
  >`
    select workspace_id, key, request_digest, response from idempotency_keys
    where (workspace_id, key) in (${pairs(dialect, keys)}) and created_at > ${now - STORED_MS}`.execute(db);
  const stored = rows.map((row) => ({
    workspaceId: row.workspace_id,
    key: row.key,
    digest: row.request_digest,
    response: row.response,
  }));
  return new Map(stored.map((one) => [nameOf(one), one]));
}

/**
 * Stores responses in the transaction of their changes. Returns, by `nameOf`, the keys that another transaction has
 * stored meanwhile: nothing is written for these.
 */
export async function storeResponses(
  trx: DatabaseTransaction,
  dialect: Dialect,
  responses: readonly StoredResponse[],
  now: number,
): Promise<ReadonlySet<string>> {
  if (responses.length === 0) return new Set();
  // The same order everywhere prevents deadlocks.
  const sorted = responses.toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
  const written = new Set<string>();
  for (const some of dialect === "sqlite" ? sorted.map((one) => [one]) : [sorted]) {
    const { rows } = await sql<{ workspace_id: string; key: string }>`
      insert into idempotency_keys (workspace_id, key, request_digest, response, created_at)
      ${lines(dialect, some, now)}
      on conflict (workspace_id, key) do update set
        request_digest = excluded.request_digest, response = excluded.response, created_at = excluded.created_at
      where idempotency_keys.created_at <= ${now - STORED_MS}
      returning workspace_id, key`.execute(trx);
    for (const row of rows) written.add(nameOf({ workspaceId: row.workspace_id, key: row.key }));
  }
  return new Set(sorted.map(nameOf).filter((name) => !written.has(name)));
}

function lines(dialect: Dialect, responses: readonly StoredResponse[], now: number): RawBuilder<unknown> {
  const column = (read: (response: StoredResponse) => string) => responses.map(read);
  if (dialect === "postgres") {
    return sql`select line.*, ${now}::bigint from unnest(
      ${column(({ workspaceId }) => workspaceId)}::text[], ${column(({ key }) => key)}::text[],
      ${column(({ digest }) => digest)}::text[], ${column(({ response }) => response)}::text[]) as line`;
  }
  const [only] = responses;
  return sql`values (${only?.workspaceId}, ${only?.key}, ${only?.digest}, ${only?.response}, ${now})`;
}

/** Deletes keys that were stored in this transaction, since their change does not take place. */
export async function deleteStored(
  trx: DatabaseTransaction,
  dialect: Dialect,
  keys: readonly WorkspaceKey[],
): Promise<void> {
  if (keys.length === 0) return;
  await sql`delete from idempotency_keys where (workspace_id, key) in (${pairs(dialect, keys)})`.execute(trx);
}

/** Deletes up to `rowsMax` of the oldest expired keys; returns how many there were. */
export async function forgetIdempotencyKeys(
  trx: DatabaseTransaction,
  now: number,
  rowsMax: number,
): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from idempotency_keys where (workspace_id, key) in (
      select workspace_id, key from idempotency_keys where created_at <= ${now - STORED_MS}
      order by created_at limit ${rowsMax})`.execute(trx);
  return Number(numAffectedRows ?? 0);
}

/** The SQL is the same for any number of keys, so the statement stays compiled. */
function pairs(dialect: Dialect, keys: readonly WorkspaceKey[]): RawBuilder<unknown> {
  if (dialect === "sqlite") {
    const json = JSON.stringify(keys.map(({ workspaceId, key }) => [workspaceId, key]));
    return sql`select value ->> 0, value ->> 1 from json_each(${json})`;
  }
  const ids = keys.map(({ workspaceId }) => workspaceId);
  return sql`select * from unnest(${ids}::text[], ${keys.map(({ key }) => key)}::text[])`;
}
