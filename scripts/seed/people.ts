import { recordAudit } from "../../src/audit/record-audit.ts";
import { createApiKey, revokeApiKey } from "../../src/auth/api-keys.ts";
import { createUser } from "../../src/auth/create-user.ts";
import { insertMember, insertUser } from "../../src/auth/insert-user.ts";
import type { Role } from "../../src/db/schema.ts";
import type { Actor } from "../../src/domain/actor.ts";
import type { Services } from "../../src/http/services.ts";
import type { SeededRandom } from "./random.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

export const OWNER = { email: "owner@example.com", name: "Ada Bergström" } as const;

const COLLEAGUES: readonly { readonly email: string; readonly name: string; readonly role: Role }[] = [
  { email: "grace.okonkwo@example.com", name: "Grace Okonkwo", role: "owner" },
  { email: "linus@example.com", name: "Linus Ferreira da Silva", role: "admin" },
  {
    email: "katharina.weiss-hohenstein@operations.example.com",
    name: "Katharina Weiß-Hohenstein",
    role: "admin",
  },
  { email: "sam@example.com", name: "Sam", role: "viewer" },
  { email: "support-rotation@example.com", name: "Support rotation", role: "viewer" },
];

type Access = Services["access"];

/**
 * Creates the owner with a workspace, and colleagues with the same password. Returns the people who act in the history.
 *
 * @throws {OpenSendError} `validation_failed` for a password too short or too long.
 */
export async function createPeople(
  access: Access,
  password: string,
  from: number,
): Promise<readonly Actor[]> {
  const { sessions } = access;
  const deps = { ...sessions, now: () => from - 200 * DAY_MS };
  const { userId } = await createUser(
    deps,
    { ...OWNER, password, role: "owner" },
    { kind: "cli", address: null },
  );
  const { id: workspaceId } = await sessions.db
    .selectFrom("workspaces")
    .select("id")
    .executeTakeFirstOrThrow();
  const passwordHash = await hashOf(access, userId);
  const actors = [actorOf(userId, OWNER.name, workspaceId)];
  for (const [index, { email, name, role }] of COLLEAGUES.entries()) {
    const joinedAt = from - (150 - 20 * index) * DAY_MS;
    await sessions.db.transaction().execute(async (trx) => {
      const id = await insertUser(trx, { email, name, passwordHash }, joinedAt);
      await insertMember(trx, { workspaceId, userId: id, role }, joinedAt);
      const actor = actorOf(id, name, workspaceId);
      const target = { kind: "member", id } as const;
      await recordAudit(trx, { actor, action: "member.joined", target, metadata: { name, role } }, joinedAt);
      if (role !== "viewer") actors.push(actor);
    });
  }
  return actors;
}

/** Hashing is slow by design, so it is done only once. */
async function hashOf({ sessions }: Access, userId: string): Promise<string> {
  const { password } = await sessions.db
    .selectFrom("accounts")
    .select("password")
    .where("user_id", "=", userId)
    .executeTakeFirstOrThrow();
  return password ?? "";
}

function actorOf(id: string, name: string, workspaceId: string): Actor {
  return { kind: "user", id, name, workspaceId, address: "203.0.113.24" };
}

const KEYS: readonly { readonly name: string; readonly access: "full_access" | "sending_access" }[] = [
  { name: "Shop backend (production)", access: "sending_access" },
  { name: "Payments service", access: "sending_access" },
  { name: "Terraform", access: "full_access" },
  { name: "Nightly reconciliation job, Frankfurt", access: "sending_access" },
  { name: "Grafana", access: "full_access" },
  { name: "Old shop backend", access: "sending_access" },
];

/** Creates API keys that are not printed; one is revoked, one has expired. */
export async function createKeys(
  access: Access,
  actors: readonly Actor[],
  { from, until }: { readonly from: number; readonly until: number },
  random: SeededRandom,
): Promise<void> {
  for (const [index, key] of KEYS.entries()) {
    const createdAt = from - random.int(2, 120) * DAY_MS;
    const deps = { ...access.apiKeys, now: () => createdAt };
    const actor = random.pick(actors);
    const isExpired = index === KEYS.length - 2;
    const expiresAt = isExpired ? until - DAY_MS : null;
    const isRevoked = index === KEYS.length - 1;
    const lastUsableAt = isRevoked ? from : (expiresAt ?? until);
    const { apiKey } = await createApiKey(deps, actor, { ...key, expiresAt });
    await access.apiKeys.db
      .updateTable("api_keys")
      .set({ last_used_at: lastUsableAt - random.int(1, 3_600_000) })
      .where("id", "=", apiKey.id)
      .execute();
    if (isRevoked) await revokeApiKey({ ...deps, now: () => from }, actor, apiKey.id);
  }
}
