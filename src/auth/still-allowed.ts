import type { Database } from "../db/open.ts";
import { allows, type Identity, type Requirement } from "./identity.ts";

/**
 * Whether a caller authorized earlier would still be: the key is not revoked, the session has not ended, the person is
 * a member. Only reads, so it neither renews a session nor marks a key as used.
 */
export async function isStillAllowed(
  db: Database,
  identity: Identity,
  requirement: Requirement,
  now: number,
): Promise<boolean> {
  const current =
    identity.kind === "api_key" ? await readKey(db, identity, now) : await readRole(db, identity, now);
  return current !== null && allows(current, requirement);
}

async function readKey(
  db: Database,
  identity: Identity & { kind: "api_key" },
  now: number,
): Promise<Identity | null> {
  const row = await db
    .selectFrom("api_keys")
    .select(["access", "expires_at", "revoked_at"])
    .where("id", "=", identity.keyId)
    .executeTakeFirst();
  if (row === undefined || row.revoked_at !== null) return null;
  return row.expires_at !== null && row.expires_at <= now ? null : { ...identity, access: row.access };
}

async function readRole(
  db: Database,
  identity: Identity & { kind: "user" },
  now: number,
): Promise<Identity | null> {
  const row = await db
    .selectFrom("sessions")
    .innerJoin("members", "members.user_id", "sessions.user_id")
    .select(["sessions.expires_at", "members.role"])
    .where("sessions.id", "=", identity.sessionId)
    .where("members.workspace_id", "=", identity.workspaceId)
    .executeTakeFirst();
  if (row === undefined || new Date(row.expires_at).getTime() <= now) return null;
  return { ...identity, role: row.role };
}
