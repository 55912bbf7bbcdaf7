import { hashToken } from "../crypto/token-hash.ts";
import type { Database } from "../db/open.ts";
import { addressSubject } from "../domain/address-subject.ts";
import { OpenSendError } from "../domain/errors.ts";
import { FairPlaces, type PlaceLimits } from "../domain/fair-places.ts";
import type { KeyIdentity } from "./identity.ts";

/** How long a key is believed without asking the database: the longest a revocation by another process takes. */
const REMEMBERED_MS = 1000;
const REMEMBERED_KEYS_MAX = 10_000;
/** `last_used_at` is told to the minute, so that a busy key costs no write a request. */
const USE_NOTED_EVERY_MS = 60_000;
/** What cannot be a key costs no look at the database. */
const KEY_FORM = /^os_[\w-]{20,100}$/;
/** Looks at the database for keys that were never valid here: anyone who makes them up must not use up its connections. */
const STRANGERS: PlaceLimits = { placesMax: 4, partOfFree: 2, waitingMax: 20, waitingOfAllMax: 200 };
const BUSY_RETRY_S = 1;

type Known = {
  readonly identity: KeyIdentity;
  readonly expiresAt: number | null;
  readonly readAt: number;
};

/**
 * Looks keys up by their hash. The index finds equal hashes only, and a hash says nothing of the key, so the time it
 * takes tells no one anything.
 */
export class KeyLookup {
  readonly #db: Database;
  readonly #now: () => number;
  readonly #onError: (error: unknown) => void;
  readonly #known = new Map<string, Known>();
  readonly #reading = new Map<string, Promise<Known | null>>();
  readonly #strangers = new FairPlaces(STRANGERS);
  readonly #usedAt = new Map<string, number>();
  /** What was read before a key was forgotten may be out of date. */
  #forgotten = 0;

  constructor(db: Database, now: () => number, onError: (error: unknown) => void) {
    this.#db = db;
    this.#now = now;
    this.#onError = onError;
  }

  /**
   * The identity behind an API key, or null when it is unknown, expired or revoked.
   *
   * @param from The caller's address.
   * @throws {OpenSendError} `rate_limited` when too many keys from there wait to be looked up.
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

  /** Also when the clock has gone back since. */
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

  /** However many ask for a key at the same time, it is read once. */
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
