import { hashToken } from "../crypto/token-hash.ts";
import type { Database } from "../db/open.ts";
import { addressSubject } from "../domain/address-subject.ts";
import { OpenSendError } from "../domain/errors.ts";
import { FairPlaces, type PlaceLimits } from "../domain/fair-places.ts";
import type { KeyIdentity } from "./identity.ts";

/** How long a key is trusted without a database lookup, and so the longest delay of a revocation by another process. */
const REMEMBERED_MS = 1000;
const REMEMBERED_KEYS_MAX = 10_000;
/** `last_used_at` has a resolution of a minute, so that a busy key does not cost a write per request. */
const USE_NOTED_EVERY_MS = 60_000;
/** Text that cannot be a key costs no database lookup. */
const KEY_FORM = /^os_[\w-]{20,100}$/;
/**
 * Limits for lookups of keys that are not in the cache, so that invented keys do not use up the database's connections.
 */
const STRANGERS: PlaceLimits = { placesMax: 4, partOfFree: 2, waitingMax: 20, waitingOfAllMax: 200 };
const BUSY_RETRY_S = 1;

type Known = {
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
  readonly #known = new Map<string, Known>();
  readonly #reading = new Map<string, Promise<Known | null>>();
  readonly #strangers = new FairPlaces(STRANGERS);
  readonly #usedAt = new Map<string, number>();
  /** Counts evictions, since a read that began before one may be stale. */
  #forgotten = 0;

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
    let entry = this.#known.get(hash) ?? null;
    if (entry === null || this.#isOld(entry.readAt, REMEMBERED_MS)) {
      const forgottenBefore = this.#forgotten;
      entry = await this.#readOnce(hash, from);
      if (this.#known.size >= REMEMBERED_KEYS_MAX) this.#known.clear();
      if (entry === null) this.#known.delete(hash);
      else if (this.#forgotten === forgottenBefore) this.#known.set(hash, entry);
    }
    if (entry === null || (entry.expiresAt !== null && entry.expiresAt <= this.#now())) return null;
    this.#noteUse(entry.identity.keyId);
    return entry.identity;
  }

  forget(id: string): void {
    this.#forgotten++;
    this.#reading.clear();
    for (const [hash, entry] of this.#known) if (entry.identity.keyId === id) this.#known.delete(hash);
  }

  /** Also true if the clock has been set back since. */
  #isOld(at: number, afterMs: number): boolean {
    return Math.abs(this.#now() - at) >= afterMs;
  }

  #noteUse(id: string): void {
    const at = this.#now();
    if (!this.#isOld(this.#usedAt.get(id) ?? 0, USE_NOTED_EVERY_MS)) return;
    if (this.#usedAt.size >= REMEMBERED_KEYS_MAX) this.#usedAt.clear();
    this.#usedAt.set(id, at);
    this.#db
      .updateTable("api_keys")
      .set({ last_used_at: at })
      .where("id", "=", id)
      .execute()
      .catch(this.#onError);
  }

  /** Concurrent callers of one key share a single read. */
  #readOnce(hash: string, from: string): Promise<Known | null> {
    const current = this.#reading.get(hash);
    if (current !== undefined) return current;
    const begun = this.#known.has(hash) ? this.#read(hash) : this.#readStranger(hash, from);
    const shared = begun.finally(() => {
      if (this.#reading.get(hash) === shared) this.#reading.delete(hash);
    });
    this.#reading.set(hash, shared);
    return shared;
  }

  async #readStranger(hash: string, from: string): Promise<Known | null> {
    const place = this.#strangers.enter(addressSubject(from));
    if (typeof place === "string") throw tooManyStrangers();
    const leave = await place;
    try {
      return await this.#read(hash);
    } finally {
      leave();
    }
  }

  async #read(hash: string): Promise<Known | null> {
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

function tooManyStrangers(): OpenSendError {
  return new OpenSendError(
    "rate_limited",
    "Too many keys from this address wait to be looked up. Use a current key, and try again.",
    { retryAfterSeconds: BUSY_RETRY_S },
  );
}
