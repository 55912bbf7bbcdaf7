import { randomBytes } from "node:crypto";
import type { DatabaseTransaction } from "../db/open.ts";
import type { Actor } from "../domain/actor.ts";
import { OpenSendError } from "../domain/errors.ts";
import { type Caller, checkPassword, type SessionDeps } from "./sessions.ts";
import { countAttempt, resetAttempts } from "./sign-in-throttle.ts";

export type Account = { readonly id: string; readonly name: string; readonly email: string };

/** The signed-in person and their current session. */
type Self = { readonly userId: string; readonly sessionId: string };

/** Renames the caller's account; the same name changes nothing. */
export async function renameAccount(
  deps: SessionDeps,
  actor: Actor,
  { userId }: Pick<Self, "userId">,
  name: string,
): Promise<Account> {
  const now = deps.now();
  return deps.db.transaction().execute(async (trx) => {
    const { numUpdatedRows } = await trx
      .updateTable("users")
      .set({ name, updated_at: new Date(now).toISOString() })
      .where("id", "=", userId)
      .where("name", "!=", name)
      .executeTakeFirst();
    if (numUpdatedRows > 0n) {
      const target = { kind: "user", id: userId } as const;
      const metadata = { name, changed: ["name"] };
      await deps.recordAudit(trx, { actor, action: "user.updated", target, metadata }, now);
    }
    return trx
      .selectFrom("users")
      .select(["id", "name", "email"])
      .where("id", "=", userId)
      .executeTakeFirstOrThrow();
  });
}

/**
 * Changes the caller's password, ends all their other sessions and replaces the token of the current one, which signs
 * out anyone who copied the cookie too. Returns the cookies to set. Each attempt counts as a sign-in attempt, so that
 * someone at an open session cannot guess without limit.
 *
 * @throws {OpenSendError} `validation_failed` at `current_password` or `new_password`, `sign_in_throttled`.
 */
export async function changePassword(
  deps: SessionDeps,
  actor: Actor,
  self: Self,
  input: { readonly currentPassword: string; readonly newPassword: string },
  caller: Caller,
): Promise<string[]> {
  const { db, sessionSecret } = deps;
  const row = await db
    .selectFrom("users")
    .innerJoin("accounts", "accounts.user_id", "users.id")
    .select(["users.email", "users.name", "accounts.id", "accounts.password"])
    .where("users.id", "=", self.userId)
    .where("accounts.provider_id", "=", "credential")
    .executeTakeFirstOrThrow();
  const attempt = { email: row.email, address: actor.address };
  await countAttempt(db, sessionSecret, attempt, deps.now());
  const { password } = await (await deps.people()).$context;
  const isCurrent =
    row.password !== null && (await password.verify({ hash: row.password, password: input.currentPassword }));
  if (!isCurrent) throw refused("current_password", "This is not your current password.");
  if (input.newPassword === input.currentPassword) {
    throw refused("new_password", "Choose another password than the current one.");
  }
  const hash = await password.hash(input.newPassword);
  const now = deps.now();
  await db.transaction().execute(async (trx) => {
    const { numUpdatedRows } = await trx
      .updateTable("accounts")
      .set({ password: hash, updated_at: new Date(now).toISOString() })
      .where("id", "=", row.id)
      // Of two concurrent changes, the second finds that its current password is no longer valid.
      .where("password", "=", row.password)
      .executeTakeFirst();
    if (numUpdatedRows === 0n) throw refused("current_password", "This is not your current password.");
    await trx.deleteFrom("password_resets").where("user_id", "=", self.userId).execute();
    const metadata = { name: row.name, sessions_ended: await endOtherSessions(trx, self) };
    // Part of the same commit: if the steps after it fail, the caller has to sign in again.
    const token = randomBytes(24).toString("base64url");
    await trx.updateTable("sessions").set({ token }).where("id", "=", self.sessionId).execute();
    const target = { kind: "user", id: self.userId } as const;
    await deps.recordAudit(trx, { actor, action: "user.password_changed", target, metadata }, now);
  });
  await resetAttempts(db, sessionSecret, attempt, deps.now());
  return takeNewToken(deps, self, { email: row.email, password: input.newPassword }, caller);
}

/** Signs in and moves the new session's token to the current session, whose id streams refer to. */
async function takeNewToken(
  deps: SessionDeps,
  self: Self,
  signIn: { readonly email: string; readonly password: string },
  caller: Caller,
): Promise<string[]> {
  const { headers, response } = await checkPassword(deps, signIn, caller);
  await deps.db.transaction().execute(async (trx) => {
    const newSession = await trx
      .deleteFrom("sessions")
      .where("token", "=", response.token)
      .returning(["token", "expires_at"])
      .executeTakeFirstOrThrow();
    await trx.updateTable("sessions").set(newSession).where("id", "=", self.sessionId).execute();
  });
  return headers.getSetCookie();
}

/** Ends all sessions of the caller except the current one. Returns their number. */
export async function revokeOtherSessions(deps: SessionDeps, actor: Actor, self: Self): Promise<number> {
  return deps.db.transaction().execute(async (trx) => {
    const ended = await endOtherSessions(trx, self);
    if (ended > 0) {
      const target = { kind: "session", id: null } as const;
      const metadata = { sessions_ended: ended };
      await deps.recordAudit(trx, { actor, action: "session.revoked", target, metadata }, deps.now());
    }
    return ended;
  });
}

async function endOtherSessions(trx: DatabaseTransaction, { userId, sessionId }: Self): Promise<number> {
  const { numDeletedRows } = await trx
    .deleteFrom("sessions")
    .where("user_id", "=", userId)
    .where("id", "!=", sessionId)
    .executeTakeFirst();
  return Number(numDeletedRows);
}

function refused(path: string, message: string): OpenSendError {
  return new OpenSendError("validation_failed", `The password was not changed. ${message}`, {
    fields: [{ path, message }],
  });
}
