import { hashToken } from "../crypto/token-hash.ts";
import type { Database } from "../store/open.ts";
import type { Identity } from "./identity.ts";

/** How long a key is believed without asking the database: the longest a revocation by another process takes. */
const REMEMBERED_MS = 1000;
const REMEMBERED_KEYS_MAX = 10_000;
/** `last_used_at` is told to the minute, so that a busy key costs no write a request. */
const USE_NOTED_EVERY_MS = 60_000;

type Known = {
  readonly identity: Identity & { kind: "api_key" };
  readonly expiresAt: number | null;
  readonly readAt: number;
};

export type KeyLookup = {
  /** The identity behind an API key, or null when it is unknown, expired or revoked. */
  readonly find: (key: string) => Promise<(Identity & { kind: "api_key" }) | null>;
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
  const usedAt = new Map<string, number>();

  /** Also when the clock has gone back since. */
  const isOld = (at: number, afterMs: number) => Math.abs(now() - at) >= afterMs;

  const noteUse = (id: string) => {
    const at = now();
    if (!isOld(usedAt.get(id) ?? 0, USE_NOTED_EVERY_MS)) return;
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
    return { identity, expiresAt, readAt: now() };
  };

  return {
    find: async (key) => {
      const hash = hashToken(key);
      let entry = known.get(hash) ?? null;
      if (entry === null || isOld(entry.readAt, REMEMBERED_MS)) {
        known.delete(hash);
        entry = await read(hash);
        if (known.size >= REMEMBERED_KEYS_MAX) known.clear();
        if (entry !== null) known.set(hash, entry);
      }
      if (entry === null || (entry.expiresAt !== null && entry.expiresAt <= now())) return null;
      noteUse(entry.identity.keyId);
      return entry.identity;
    },
    forget: (id) => {
      for (const [hash, entry] of known) if (entry.identity.keyId === id) known.delete(hash);
    },
  };
}
