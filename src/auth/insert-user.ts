import { newId } from "../db/new-id.ts";
import type { DatabaseTransaction } from "../db/open.ts";
import type { Role } from "../db/schema.ts";

/**
 * Inserts a person and their password in Better Auth's format. Fails on the unique key if the email is taken.
 *
 * @returns The user's id.
 */
export async function insertUser(
  trx: DatabaseTransaction,
  {
    email,
    name,
    passwordHash,
  }: { readonly email: string; readonly name: string; readonly passwordHash: string },
  now: number,
): Promise<string> {
  const userId = newId();
  const at = new Date(now).toISOString();
  await trx
    .insertInto("users")
    .values({ id: userId, name, email, email_verified: 0, image: null, created_at: at, updated_at: at })
    .execute();
  await trx
    .insertInto("accounts")
    .values({
      id: newId(),
      account_id: userId,
      provider_id: "credential",
      user_id: userId,
      password: passwordHash,
      created_at: at,
      updated_at: at,
    })
    .execute();
  return userId;
}

/**
 * Adds a person to a workspace; an existing membership stays unchanged.
 *
 * @returns The membership's id, or null if they were already a member.
 */
export async function insertMember(
  trx: DatabaseTransaction,
  member: { readonly workspaceId: string; readonly userId: string; readonly role: Role },
  now: number,
): Promise<string | null> {
  const row = await trx
    .insertInto("members")
    .values({
      id: newId(),
      workspace_id: member.workspaceId,
      user_id: member.userId,
      role: member.role,
      created_at: new Date(now).toISOString(),
    })
    .onConflict((conflict) => conflict.columns(["workspace_id", "user_id"]).doNothing())
    .returning("id")
    .executeTakeFirst();
  return row?.id ?? null;
}
