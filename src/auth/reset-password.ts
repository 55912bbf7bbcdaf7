import { hashToken, randomToken } from "../crypto/token-hash.ts";
import { OpenSendError } from "../domain/errors.ts";
import type { MailQueue } from "../mail/mail-queue.ts";
import { normalizeEmail, requirePassword } from "./create-user.ts";
import type { Caller, SessionDeps } from "./sessions.ts";
import { workspacesOf, writePassword } from "./set-password.ts";
import { countResetRequest } from "./sign-in-throttle.ts";

const LIFETIME_MS = 60 * 60 * 1000;

/**
 * Counts a request for a password reset. Returns a function that mails the link if the account exists; the caller
 * responds first, so that neither the response nor its timing reveals whether it does.
 *
 * @throws {OpenSendError} `mail_not_configured`, `sign_in_throttled`.
 */
export async function requestPasswordReset(
  deps: SessionDeps,
  email: string,
  caller: Caller,
): Promise<() => Promise<void>> {
  const { mailQueue } = deps;
  if (mailQueue === null) throw mailNotConfigured();
  await countResetRequest(deps.db, deps.sessionSecret, { email, address: caller.address }, deps.now());
  return () => mailLink(deps, mailQueue, email);
}

async function mailLink(deps: SessionDeps, mailQueue: MailQueue, email: string): Promise<void> {
  const token = randomToken();
  const now = deps.now();
  const to = normalizeEmail(email);
  await deps.db.transaction().execute(async (trx) => {
    const user = await trx.selectFrom("users").select("id").where("email", "=", to).executeTakeFirst();
    if (user === undefined) return;
    const reset = { token_hash: hashToken(token), created_at: now, expires_at: now + LIFETIME_MS };
    await trx
      .insertInto("password_resets")
      .values({ user_id: user.id, ...reset })
      .onConflict((conflict) => conflict.column("user_id").doUpdateSet(reset))
      .execute();
    const content = {
      to,
      subject: "[OpenSend] Reset your password",
      paragraphs: ["Someone, probably you, asked to reset the password of your OpenSend account."],
      // Browsers never send the part after the hash sign, so the token is in no proxy's log.
      link: { label: "Set a new password", url: `${mailQueue.publicUrl}/reset-password#${token}` },
      footer:
        "The link works once, for one hour. If you did not ask for it, ignore this mail: nothing has changed.",
    };
    await mailQueue.add(trx, [{ content, reference: null, lifetimeMs: LIFETIME_MS }], now);
  });
}

/**
 * Sets a new password for the holder of the link, once, and ends all sessions of the account. Recorded in the audit log
 * of each of its workspaces.
 *
 * @throws {OpenSendError} `password_reset_invalid`, worded the same for every fault; `validation_failed`.
 */
export async function completePasswordReset(
  deps: SessionDeps,
  input: { readonly token: string; readonly password: string },
  caller: Caller,
): Promise<void> {
  requirePassword(input.password);
  const tokenHash = hashToken(input.token);
  const open = await deps.db
    .selectFrom("password_resets")
    .select("user_id")
    .where("token_hash", "=", tokenHash)
    .where("expires_at", ">", deps.now())
    .executeTakeFirst();
  if (open === undefined) throw resetInvalid();
  // Hashing is slow, so it happens before the transaction, without a lock.
  const hash = await (await (await deps.people()).$context).password.hash(input.password);
  const now = deps.now();
  await deps.db.transaction().execute(async (trx) => {
    // If two requests use the same link concurrently, one of them finds it gone.
    const { numDeletedRows } = await trx
      .deleteFrom("password_resets")
      .where("token_hash", "=", tokenHash)
      .where("expires_at", ">", now)
      .executeTakeFirst();
    if (numDeletedRows === 0n) throw resetInvalid();
    const userId = open.user_id;
    await writePassword(trx, userId, hash, now);
    const { name } = await trx
      .selectFrom("users")
      .select("name")
      .where("id", "=", userId)
      .executeTakeFirstOrThrow();
    const ended = await trx.deleteFrom("sessions").where("user_id", "=", userId).executeTakeFirst();
    const metadata = { name, sessions_ended: Number(ended.numDeletedRows) };
    const target = { kind: "user", id: userId } as const;
    for (const workspaceId of await workspacesOf(trx, userId)) {
      const actor = { kind: "user", id: userId, name, workspaceId, address: caller.address } as const;
      await deps.recordAudit(trx, { actor, action: "user.password_reset", target, metadata }, now);
    }
  });
}

function mailNotConfigured(): OpenSendError {
  return new OpenSendError(
    "mail_not_configured",
    "This server sends no mail, so it cannot mail a link. Ask the person who runs it for a new password: `opensend users set-password`.",
  );
}

function resetInvalid(): OpenSendError {
  return new OpenSendError(
    "password_reset_invalid",
    "This link has expired, was replaced by a newer one, or has been used. Ask for a new one on the sign-in page.",
  );
}
