import type { Database, DatabaseTransaction } from "../db/open.ts";
import { OpenSendError } from "../domain/errors.ts";
import { type CreateUserDeps, normalizeEmail, requirePassword } from "./create-user.ts";

export type AccountOf = { readonly userId: string; readonly name: string };

/** @throws {OpenSendError} `not_found`. */
export async function findAccount(db: Database, email: string): Promise<AccountOf> {
  const row = await db
    .selectFrom("users")
    .select(["id", "name"])
    .where("email", "=", normalizeEmail(email))
    .executeTakeFirst();
  if (row !== undefined) return { userId: row.id, name: row.name };
  throw new OpenSendError(
    "not_found",
    "There is no account with this email. Check it, or make one with `opensend users create`.",
  );
}

/**
 * Sets an account's password without its current one, for an operator at the command line, and ends all its sessions.
 * Recorded in the audit log of each of its workspaces.
 *
 * @returns How many sessions were ended.
 * @throws {OpenSendError} `validation_failed` for a password too short or too long.
 */
export async function setPassword(
  deps: CreateUserDeps,
  { userId, name }: AccountOf,
  password: string,
): Promise<number> {
  requirePassword(password);
  const hash = await (await (await deps.people()).$context).password.hash(password);
  const now = deps.now();
  return deps.db.transaction().execute(async (trx) => {
    await writePassword(trx, userId, hash, now);
    const { numDeletedRows } = await trx
      .deleteFrom("sessions")
      .where("user_id", "=", userId)
      .executeTakeFirst();
    const metadata = { name, sessions_ended: Number(numDeletedRows) };
    const target = { kind: "user", id: userId } as const;
    for (const workspaceId of await workspacesOf(trx, userId)) {
      const actor = { kind: "cli", id: null, name: "Command line", workspaceId, address: null } as const;
      await deps.recordAudit(trx, { actor, action: "user.password_changed", target, metadata }, now);
    }
    return metadata.sessions_ended;
  });
}

/** Setting a password also invalidates open password reset links. */
export async function writePassword(
  trx: DatabaseTransaction,
  userId: string,
  hash: string,
  now: number,
): Promise<void> {
  const at = new Date(now).toISOString();
  const { numUpdatedRows } = await trx
    .updateTable("accounts")
    .set({ password: hash, updated_at: at })
    .where("user_id", "=", userId)
    .where("provider_id", "=", "credential")
    .executeTakeFirst();
  if (numUpdatedRows === 0n) throw new Error(`account ${userId} has no row for its password`);
  await trx.deleteFrom("password_resets").where("user_id", "=", userId).execute();
}

/**
 * The workspaces whose audit logs record the change; the instance's first workspace if the person is a member of none.
 */
export async function workspacesOf(trx: DatabaseTransaction, userId: string): Promise<string[]> {
  const memberships = await trx
    .selectFrom("members")
    .select("workspace_id")
    .where("user_id", "=", userId)
    .execute();
  if (memberships.length > 0) return memberships.map((row) => row.workspace_id);
  const first = await trx.selectFrom("workspaces").select("id").orderBy("id").limit(1).execute();
  return first.map(({ id }) => id);
}
