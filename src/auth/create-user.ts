import { isUniqueViolation } from "../db/database-error.ts";
import { newId } from "../db/new-id.ts";
import type { Database, DatabaseTransaction } from "../db/open.ts";
import type { Role } from "../db/schema.ts";
import type { Actor } from "../domain/actor.ts";
import type { AuditEntry } from "../domain/audit-entry.ts";
import { OpenSendError } from "../domain/errors.ts";
import { insertMember, insertUser } from "./insert-user.ts";
import { PASSWORD_LENGTH_MAX, PASSWORD_LENGTH_MIN, type People } from "./people.ts";

export type NewUser = {
  readonly email: string;
  readonly name: string;
  readonly password: string;
  readonly role: Role;
};

export type CreatedUser = {
  readonly userId: string;
  readonly createdWorkspace: boolean;
};

/** The setup page creates only the first account; the command line can add more. */
export type UserCreator =
  | { readonly kind: "setup"; readonly address: string | null }
  | { readonly kind: "cli"; readonly address: null };

export type CreateUserDeps = {
  readonly db: Database;
  readonly people: People;
  readonly now: () => number;
  readonly recordAudit: (db: Database, entry: AuditEntry, now: number) => Promise<void>;
};

const FIRST_WORKSPACE_NAME = "Workspace";

/**
 * Creates an account in the instance's workspace. On an empty instance, creates the workspace too, with this account as
 * its owner. Everything is one transaction.
 *
 * @throws {OpenSendError} `validation_failed` for a password too short or too long, `email_taken`; on a race for the
 * first account `setup_closed`.
 */
export async function createUser(deps: CreateUserDeps, user: NewUser, by: UserCreator): Promise<CreatedUser> {
  requirePassword(user.password);
  // Hashing is slow, so it happens before the transaction, without a lock.
  const passwordHash = await (await (await deps.people()).$context).password.hash(user.password);
  try {
    return await deps.db.transaction().execute(async (trx) => {
      const workspace = await trx.selectFrom("workspaces").select("id").orderBy("id").executeTakeFirst();
      if (workspace !== undefined && by.kind === "setup") throw setupClosed();
      const workspaceId = workspace?.id ?? (await createFirstWorkspace(trx, deps.now()));
      const role = workspace === undefined ? "owner" : user.role;
      const email = normalizeEmail(user.email);
      const userId = await insertUser(trx, { email, name: user.name, passwordHash }, deps.now());
      await insertMember(trx, { workspaceId, userId, role }, deps.now());
      const actor = creatorOf(by, user.name, userId, workspaceId);
      const target = { kind: "user", id: userId } as const;
      const metadata = { name: user.name, role };
      await deps.recordAudit(trx, { actor, action: "user.created", target, metadata }, deps.now());
      return { userId, createdWorkspace: workspace === undefined };
    });
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    const email = normalizeEmail(user.email);
    const taken = await deps.db
      .selectFrom("users")
      .select("id")
      .where("email", "=", email)
      .executeTakeFirst();
    if (taken === undefined) throw setupClosed();
    throw new OpenSendError(
      "email_taken",
      "There is already an account with this email. Use another email, or sign in.",
    );
  }
}

function creatorOf(by: UserCreator, name: string, userId: string, workspaceId: string): Actor {
  return by.kind === "setup"
    ? { kind: "user", id: userId, name, workspaceId, address: by.address }
    : { kind: "cli", id: null, name: "Command line", workspaceId, address: null };
}

export function setupClosed(): OpenSendError {
  return new OpenSendError("setup_closed", "This instance already has an owner. Sign in instead.");
}

export function normalizeEmail(email: string): string {
  return email.trim().toLowerCase();
}

/** @throws {OpenSendError} `validation_failed` for a password too short or too long. */
export function requirePassword(password: string): void {
  if (password.length >= PASSWORD_LENGTH_MIN && password.length <= PASSWORD_LENGTH_MAX) return;
  const message = `Use ${PASSWORD_LENGTH_MIN} to ${PASSWORD_LENGTH_MAX} characters.`;
  throw new OpenSendError("validation_failed", `The password is not accepted. ${message}`, {
    fields: [{ path: "password", message }],
  });
}

/** The instance row can only be inserted once, so of two concurrent first accounts only one is created. */
async function createFirstWorkspace(trx: DatabaseTransaction, now: number): Promise<string> {
  await trx.insertInto("instance").values({ id: "instance", set_up_at: now }).execute();
  const id = newId();
  const createdAt = new Date(now).toISOString();
  await trx
    .insertInto("workspaces")
    .values({ id, name: FIRST_WORKSPACE_NAME, slug: id, created_at: createdAt })
    .execute();
  return id;
}
