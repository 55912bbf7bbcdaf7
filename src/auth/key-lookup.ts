import { addressSubject } from "../core/address-subject.ts";
import { OpenSendError } from "../core/errors.ts";
import { FairPlaces, type PlaceLimits } from "../core/fair-places.ts";
import { hashToken } from "../crypto/token-hash.ts";
import type { Database } from "../store/open.ts";
import type { Identity } from "./identity.ts";

/** How long a key is believed without asking the database: the longest a revocation by another process takes. */
const REMEMBERED_MS = 1000;
const REMEMBERED_KEYS_MAX = 10_000;
/** `last_used_at` is told to the minute, so that a busy key costs no write a request. */
const USE_NOTED_EVERY_MS = 60_000;
/** What cannot be a key costs no look at the database. */
const KEY_FORM = /^os_[\w-]{20,100}$/;
/** Looks at the database for keys that were never valid here: whoever makes them up must not use up its connections. */
const STRANGERS: PlaceLimits = { placesMax: 4, partOfFree: 2, waitingMax: 20, waitingOfAllMax: 200 };
const BUSY_RETRY_S = 1;

type Known = {
  readonly identity: Identity & { kind: "api_key" };
  readonly expiresAt: number | null;
  readonly believedUntil: number;
};

export type KeyLookup = {
  /**
   * The identity behind an API key, or null when it is unknown, expired or revoked.
   *
   * @param from The caller's address.
   * @throws {OpenSendError} `rate_limited` when too many keys from there wait to be looked up.
   */
  readonly find: (key: string, from: string) => Promise<(Identity & { kind: "api_key" }) | null>;
  readonly forget: (id: string) => void;
};

/**
 * Looks keys up by their hash. The index finds equal hashes only, and a hash says nothing of the key, so the time it
 * takes tells nobody anything.
 */
export function createKeyLookup(
  db: Database,
  now: () => number,
  onError: (error: unknown) => void,
): KeyLookup {
  const known = new Map<string, Known>();
  const reading = new Map<string, Promise<Known | null>>();
  const strangers = new FairPlaces(STRANGERS);
  /** What was read before a key was forgotten may be out of date. */
  let forgotten = 0;
  const usedAt = new Map<string, number>();

  const noteUse = (id: string) => {
    const at = now();
    if (at - (usedAt.get(id) ?? 0) < USE_NOTED_EVERY_MS) return;
    if (usedAt.size >= REMEMBERED_KEYS_MAX) usedAt.clear();
    usedAt.set(id, at);
    db.updateTable("api_keys").set({ last_used_at: at }).where("id", "=", id).execute().catch(onError);
  };

  const read = async (hash: string): Promise<Known | null> => {
    const row = await db
      .selectFrom("api_keys")
      .select(["id", "workspace_id", "name", "access", "expires_at", "revoked_at"])
      .where("hash", "=", hash)
      .executeTakeFirst();
    if (row === undefined || row.revoked_at !== null) return null;
    const { id: keyId, workspace_id: workspaceId, name, access, expires_at: expiresAt } = row;
    const identity = { kind: "api_key", workspaceId, keyId, name, access } as const;
    return { identity, expiresAt, believedUntil: now() + REMEMBERED_MS };
  };

  const readStranger = async (hash: string, from: string): Promise<Known | null> => {
    const place = strangers.enter(addressSubject(from));
    if (typeof place === "string") throw tooManyStrangers();
    const leave = await place;
    try {
      return await read(hash);
    } finally {
      leave();
    }
  };

  /** However many ask for a key at the same time, it is read once. */
  const readOnce = (hash: string, from: string): Promise<Known | null> => {
    const current = reading.get(hash);
    if (current !== undefined) return current;
    const begun = known.has(hash) ? read(hash) : readStranger(hash, from);
    const shared = begun.finally(() => {
      if (reading.get(hash) === shared) reading.delete(hash);
    });
    reading.set(hash, shared);
    return shared;
  };

  return {
    find: async (key, from) => {
      if (!KEY_FORM.test(key)) return null;
      const hash = hashToken(key);
      let entry = known.get(hash) ?? null;
      if (entry === null || entry.believedUntil <= now()) {
        const forgottenBefore = forgotten;
        entry = await readOnce(hash, from);
        if (known.size >= REMEMBERED_KEYS_MAX) known.clear();
        if (entry === null) known.delete(hash);
        else if (forgotten === forgottenBefore) known.set(hash, entry);
      }
      if (entry === null || (entry.expiresAt !== null && entry.expiresAt <= now())) return null;
      noteUse(entry.identity.keyId);
      return entry.identity;
    },
    forget: (id) => {
      forgotten++;
      reading.clear();
      for (const [hash, entry] of known) if (entry.identity.keyId === id) known.delete(hash);
    },
  };
}

function tooManyStrangers(): OpenSendError {
  return new OpenSendError(
    "rate_limited",
    "Too many keys from this address wait to be looked up. Use a current key, and try again.",
    { retryAfterSeconds: BUSY_RETRY_S },
  );
}
