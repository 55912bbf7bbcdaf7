import { hashToken, randomToken } from "../crypto/token-hash.ts";
import { newId } from "../db/new-id.ts";
import type { Database, DatabaseTransaction } from "../db/open.ts";
import { type Page, type PageRequest, readPage } from "../db/paging.ts";
import type { Access } from "../db/schema.ts";
import type { Actor } from "../domain/actor.ts";
import type { AuditEntry } from "../domain/audit-entry.ts";
import { OpenSendError } from "../domain/errors.ts";

const KEY_PREFIX = "os_";
const SHOWN_PREFIX_LENGTH = KEY_PREFIX.length + 4;

/** Dependencies of the operations on API keys. */
export type ApiKeyDeps = {
  readonly db: Database;
  readonly now: () => number;
  /** Evicts a key from this process's cache; other processes stop accepting it within a second. */
  readonly evictKey: (id: string) => void;
  readonly recordAudit: (db: Database, entry: AuditEntry, now: number) => Promise<void>;
};

/** A key without its secret. Times are epoch milliseconds. */
export type ApiKey = {
  readonly id: string;
  readonly name: string;
  readonly access: Access;
  /** Event types and patterns the key is limited to; null for all. */
  readonly eventTypes: readonly string[] | null;
  /** The first key in its chain of replacements, whose connections it manages; null for its own. */
  readonly ownerKeyId: string | null;
  readonly prefix: string;
  readonly lastFour: string;
  readonly createdBy: { readonly id: string; readonly name: string } | null;
  readonly createdAt: number;
  readonly lastUsedAt: number | null;
  readonly expiresAt: number | null;
  readonly revokedAt: number | null;
};

export type NewApiKey = {
  readonly name: string;
  readonly access: Access;
  readonly expiresAt: number | null;
  /** Only for keys that can send events or manage connections; left out or null for all types. */
  readonly eventTypes?: readonly string[] | null;
  /** A key whose connections the new key manages too. */
  readonly replaces?: string | null;
};

/**
 * Creates an API key. The key itself is only in the response: the database stores its hash.
 *
 * @throws {OpenSendError} `not_found` when there is no key to replace, `validation_failed`.
 */
export async function createApiKey(
  deps: ApiKeyDeps,
  actor: Actor,
  input: NewApiKey,
): Promise<{ apiKey: ApiKey; key: string }> {
  const { eventTypes = null, replaces = null } = input;
  if (eventTypes !== null && input.access === "full_access") throw notLimitable();
  const key = `${KEY_PREFIX}${randomToken()}`;
  const now = deps.now();
  const row = {
    id: newId(),
    workspace_id: actor.workspaceId,
    name: input.name,
    access: input.access,
    event_types: eventTypes === null ? null : JSON.stringify(eventTypes),
    owner_key_id:
      replaces === null ? null : await ownerOfReplaced(deps.db, actor.workspaceId, replaces, input),
    prefix: key.slice(0, SHOWN_PREFIX_LENGTH),
    last_four: key.slice(-4),
    hash: hashToken(key),
    created_by: actor.kind === "user" ? actor.id : null,
    created_at: now,
    last_used_at: null,
    expires_at: input.expiresAt,
    revoked_at: null,
  };
  await deps.db.transaction().execute(async (trx) => {
    await trx.insertInto("api_keys").values(row).execute();
    const target = { kind: "api_key", id: row.id } as const;
    const metadata = {
      name: row.name,
      access: row.access,
      prefix: row.prefix,
      ...(eventTypes === null ? {} : { event_types: [...eventTypes] }),
      ...(replaces === null ? {} : { replaces }),
    };
    await deps.recordAudit(trx, { actor, action: "api_key.created", target, metadata }, now);
  });
  return { apiKey: await getApiKey(deps.db, actor.workspaceId, row.id), key };
}

function notLimitable(): OpenSendError {
  const message =
    "A key with full access is not limited to event types. Choose another access, or leave this out.";
  return new OpenSendError("validation_failed", `Not valid: \`event_types\`. ${message}`, {
    fields: [{ path: "event_types", message }],
  });
}

/** All keys in a chain of replacements manage the connections of the first. */
async function ownerOfReplaced(
  db: Database,
  workspaceId: string,
  replaces: string,
  { access }: Pick<NewApiKey, "access">,
): Promise<string> {
  const { id, ownerKeyId, access: before } = await getApiKey(db, workspaceId, replaces);
  if (access === "connections" && before === "connections") return ownerKeyId ?? id;
  const message = "Only a key with connections access replaces another one, which has that access too.";
  throw new OpenSendError("validation_failed", `Not valid: \`replaces\`. ${message}`, {
    fields: [{ path: "replaces", message }],
  });
}

/** A workspace's keys, newest first, including revoked ones. */
export async function listApiKeys(
  db: Database,
  workspaceId: string,
  page: PageRequest,
): Promise<Page<ApiKey>> {
  const { rows, hasMore } = await readPage(
    db.selectFrom("api_keys").selectAll().where("workspace_id", "=", workspaceId),
    page,
  );
  const creators = await namesOf(
    db,
    rows.flatMap((row) => row.created_by ?? []),
  );
  return { rows: rows.map((row) => toApiKey(row, creators)), hasMore };
}

/**
 * Revokes a key immediately. Revoking it again changes nothing.
 *
 * @throws {OpenSendError} `not_found`.
 */
export async function revokeApiKey(deps: ApiKeyDeps, actor: Actor, id: string): Promise<ApiKey> {
  const now = deps.now();
  const before = await getApiKey(deps.db, actor.workspaceId, id);
  await deps.db.transaction().execute(async (trx) => {
    const { numUpdatedRows } = await trx
      .updateTable("api_keys")
      .set({ revoked_at: now })
      .where("id", "=", id)
      .where("revoked_at", "is", null)
      .executeTakeFirst();
    if (numUpdatedRows === 0n) return;
    const target = { kind: "api_key", id } as const;
    const metadata = { name: before.name, access: before.access, prefix: before.prefix };
    await deps.recordAudit(trx, { actor, action: "api_key.revoked", target, metadata }, now);
  });
  deps.evictKey(id);
  return getApiKey(deps.db, actor.workspaceId, id);
}

/**
 * Revokes the keys that a person created in the actor's workspace, in the transaction that removes the person.
 *
 * @returns Their ids, to be evicted from the cache after the commit.
 */
export async function revokeKeysCreatedBy(
  deps: Pick<ApiKeyDeps, "recordAudit">,
  trx: DatabaseTransaction,
  actor: Actor,
  userId: string,
  now: number,
): Promise<readonly string[]> {
  const revoked = await trx
    .updateTable("api_keys")
    .set({ revoked_at: now })
    .where("workspace_id", "=", actor.workspaceId)
    .where("created_by", "=", userId)
    .where("revoked_at", "is", null)
    .returning(["id", "name", "access", "prefix"])
    .execute();
  for (const { id, ...metadata } of revoked) {
    const target = { kind: "api_key", id } as const;
    await deps.recordAudit(trx, { actor, action: "api_key.revoked", target, metadata }, now);
  }
  return revoked.map(({ id }) => id);
}

/** A key's name, or null if the workspace has no such key. */
export async function findApiKey(
  db: Database,
  workspaceId: string,
  id: string,
): Promise<{ readonly name: string } | null> {
  const row = await db
    .selectFrom("api_keys")
    .select("name")
    .where("workspace_id", "=", workspaceId)
    .where("id", "=", id)
    .executeTakeFirst();
  return row ?? null;
}

/** @throws {OpenSendError} `not_found`. */
export async function getApiKey(db: Database, workspaceId: string, id: string): Promise<ApiKey> {
  const row = await db
    .selectFrom("api_keys")
    .selectAll()
    .where("workspace_id", "=", workspaceId)
    .where("id", "=", id)
    .executeTakeFirst();
  if (row === undefined) {
    throw new OpenSendError(
      "not_found",
      "This workspace has no API key with that id. Copy the id from the list of API keys.",
    );
  }
  return toApiKey(row, await namesOf(db, row.created_by === null ? [] : [row.created_by]));
}

async function namesOf(db: Database, userIds: readonly string[]): Promise<Map<string, string>> {
  if (userIds.length === 0) return new Map();
  const users = await db
    .selectFrom("users")
    .select(["id", "name"])
    .where("id", "in", [...new Set(userIds)])
    .execute();
  return new Map(users.map((user) => [user.id, user.name]));
}

type ShownRow = {
  id: string;
  name: string;
  access: Access;
  event_types: string | null;
  owner_key_id: string | null;
  prefix: string;
  last_four: string;
  created_by: string | null;
  created_at: number;
  last_used_at: number | null;
  expires_at: number | null;
  revoked_at: number | null;
};

function toApiKey(row: ShownRow, creators: ReadonlyMap<string, string>): ApiKey {
  const creator = row.created_by === null ? undefined : creators.get(row.created_by);
  return {
    id: row.id,
    name: row.name,
    access: row.access,
    eventTypes: row.event_types === null ? null : (JSON.parse(row.event_types) as string[]),
    ownerKeyId: row.owner_key_id,
    prefix: row.prefix,
    lastFour: row.last_four,
    createdBy:
      row.created_by === null || creator === undefined ? null : { id: row.created_by, name: creator },
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at,
    expiresAt: row.expires_at,
    revokedAt: row.revoked_at,
  };
}
