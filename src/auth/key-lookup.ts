import { hashToken } from "../crypto/token-hash.ts";
import type { Database } from "../db/open.ts";
import { addressSubject } from "../domain/address-subject.ts";
import { OpenSendError } from "../domain/errors.ts";
import { FairSlots, type SlotLimits } from "../domain/fair-slots.ts";
import type { KeyIdentity } from "./identity.ts";

/** How long a key is trusted without a database lookup, and so the longest delay of a revocation by another process. */
const CACHE_MS = 1000;
const CACHED_KEYS_MAX = 10_000;
/** `last_used_at` has a resolution of a minute, so that a busy key does not cost a write per request. */
const USE_RECORDED_EVERY_MS = 60_000;
/** Text that cannot be a key costs no database lookup. */
const KEY_FORM = /^os_[\w-]{20,100}$/;
/**
 * Limits for lookups of keys that are not in the cache, so that invented keys do not use up the database's connections.
 */
const UNKNOWN_KEYS: SlotLimits = { slotsMax: 4, partOfFree: 2, waitingMax: 20, waitingOfAllMax: 200 };
const BUSY_RETRY_S = 1;

type CachedKey = {
  readonly identity: KeyIdentity;
  readonly expiresAt: number | null;
  readonly readAt: number;
};

/**
 * Looks keys up by their hash. The index compares hashes, which reveal nothing about the key, so timing reveals nothing
 * either.
 */
export class KeyLookup {
  readonly #db: Database;
  readonly #now: () => number;
  readonly #onError: (error: unknown) => void;
  readonly #cached = new Map<string, CachedKey>();
  readonly #reading = new Map<string, Promise<CachedKey | null>>();
  readonly #slots = new FairSlots(UNKNOWN_KEYS);
  readonly #usedAt = new Map<string, number>();
  /** Counts evictions, since a read that began before one may be stale. */
  #evictions = 0;

  constructor(db: Database, now: () => number, onError: (error: unknown) => void) {
    this.#db = db;
    this.#now = now;
    this.#onError = onError;
  }

  /**
   * The identity of an API key, or null if the key is unknown, expired or revoked.
   *
   * @param from The caller's address.
   * @throws {OpenSendError} `rate_limited` when too many keys from this address wait to be looked up.
   */
  async find(key: string, from: string): Promise<KeyIdentity | null> {
    if (!KEY_FORM.test(key)) return null;
    const hash = hashToken(key);
    let entry = this.#cached.get(hash) ?? null;
    if (entry === null || this.#isOld(entry.readAt, CACHE_MS)) {
      const evictionsBefore = this.#evictions;
      entry = await this.#readOnce(hash, from);
      if (this.#cached.size >= CACHED_KEYS_MAX) this.#cached.clear();
      if (entry === null) this.#cached.delete(hash);
      else if (this.#evictions === evictionsBefore) this.#cached.set(hash, entry);
    }
    if (entry === null || (entry.expiresAt !== null && entry.expiresAt <= this.#now())) return null;
    this.#recordUse(entry.identity.keyId);
    return entry.identity;
  }

  evict(id: string): void {
    this.#evictions++;
    this.#reading.clear();
    for (const [hash, entry] of this.#cached) if (entry.identity.keyId === id) this.#cached.delete(hash);
  }

  /** Also true if the clock has been set back since. */
  #isOld(at: number, afterMs: number): boolean {
    return Math.abs(this.#now() - at) >= afterMs;
  }

  #recordUse(id: string): void {
    const at = this.#now();
    if (!this.#isOld(this.#usedAt.get(id) ?? 0, USE_RECORDED_EVERY_MS)) return;
    if (this.#usedAt.size >= CACHED_KEYS_MAX) this.#usedAt.clear();
    this.#usedAt.set(id, at);
    this.#db
      .updateTable("api_keys")
      .set({ last_used_at: at })
      .where("id", "=", id)
      .execute()
      .catch(this.#onError);
  }

  /** Concurrent callers of one key share a single read. */
  #readOnce(hash: string, from: string): Promise<CachedKey | null> {
    const current = this.#reading.get(hash);
    if (current !== undefined) return current;
    const reading = this.#cached.has(hash) ? this.#read(hash) : this.#readUnknown(hash, from);
    const shared = reading.finally(() => {
      if (this.#reading.get(hash) === shared) this.#reading.delete(hash);
    });
    this.#reading.set(hash, shared);
    return shared;
  }

  async #readUnknown(hash: string, from: string): Promise<CachedKey | null> {
    const slot = this.#slots.enter(addressSubject(from));
    if (typeof slot === "string") throw tooManyUnknownKeys();
    const leave = await slot;
    try {
      return await this.#read(hash);
    } finally {
      leave();
    }
  }

  async #read(hash: string): Promise<CachedKey | null> {
    const row = await this.#db
      .selectFrom("api_keys")
      .select([
        "id",
        "workspace_id",
        "name",
        "access",
        "event_types",
        "owner_key_id",
        "expires_at",
        "revoked_at",
      ])
      .where("hash", "=", hash)
      .executeTakeFirst();
    if (row === undefined || row.revoked_at !== null) return null;
    const { id: keyId, workspace_id: workspaceId, name, access, expires_at: expiresAt } = row;
    const ownerId = row.owner_key_id ?? keyId;
    const eventTypes = row.event_types === null ? null : (JSON.parse(row.event_types) as string[]);
    const identity = { kind: "api_key", workspaceId, keyId, name, access, ownerId, eventTypes } as const;
    return { identity, expiresAt, readAt: this.#now() };
  }
}

function tooManyUnknownKeys(): OpenSendError {
  return new OpenSendError(
    "rate_limited",
    "Too many keys from this address wait to be looked up. Use a current key, and try again.",
    { retryAfterSeconds: BUSY_RETRY_S },
  );
}
