import { isUniqueViolation } from "../db/database-error.ts";
import type { DatabaseTransaction } from "../db/open.ts";
import type { Actor } from "../domain/actor.ts";
import { OpenSendError } from "../domain/errors.ts";
import { requirePassword } from "./create-user.ts";
import type { Identity } from "./identity.ts";
import { insertMember, insertUser } from "./insert-user.ts";
import { lockWorkspace } from "./lock-workspace.ts";
import { invitationInvalid, lookUpInvitation, type OpenInvitation } from "./look-up-invitation.ts";
import {
  type Caller,
  invalidSignIn,
  type NewSession,
  openSession,
  recordFailure,
  type SessionDeps,
} from "./sessions.ts";
import { countAttempt } from "./sign-in-throttle.ts";
import { activateWorkspace } from "./switch-workspace.ts";

export type AcceptInput = {
  readonly token: string;
  /** For a new account; null uses the part of the email before the `@`. */
  readonly name: string | null;
  /** Null if the invited person is already signed in. */
  readonly password: string | null;
};

/**
 * Accepts an invitation and switches the person to its workspace: with a new account, with the password of an existing
 * account, or in the current session, whose cookie stays valid (null). The invitation works once.
 *
 * @throws {OpenSendError} `invitation_invalid`, `validation_failed`, `invalid_sign_in`, `sign_in_throttled`; on a race
 * for the account `email_taken`.
 */
export async function acceptInvitation(
  deps: SessionDeps,
  input: AcceptInput,
  signedIn: (Identity & { kind: "user" }) | null,
  caller: Caller,
): Promise<NewSession | null> {
  const invitation = await lookUpInvitation(deps.db, input.token, deps.now());
  const { email, workspaceId, account } = invitation;
  if (signedIn !== null && signedIn.userId === account?.userId) {
    await deps.db.transaction().execute(async (trx) => {
      await useUp(trx, invitation);
      await join(deps, trx, invitation, account, caller);
      await activateWorkspace(trx, signedIn.sessionId, workspaceId);
    });
    return null;
  }
  const password = requireGiven(input.password);
  if (account === null) await joinWithNewAccount(deps, invitation, { name: input.name, password }, caller);
  else await joinWithPassword(deps, invitation, account, password, caller);
  return openSession(deps, { email, password, workspaceId }, caller);
}

function requireGiven(password: string | null): string {
  if (password !== null) return password;
  const message = "Enter a password, or sign in as the person who is invited.";
  throw new OpenSendError("validation_failed", `The password is missing. ${message}`, {
    fields: [{ path: "password", message }],
  });
}

async function joinWithPassword(
  deps: SessionDeps,
  invitation: OpenInvitation,
  account: NonNullable<OpenInvitation["account"]>,
  password: string,
  caller: Caller,
): Promise<void> {
  const { email } = invitation;
  // Counted as a sign-in, so that a link is no way around the limit of attempts.
  await countAttempt(deps.db, deps.sessionSecret, { email, address: caller.address }, deps.now());
  const { password: passwords } = await (await deps.people()).$context;
  const hash = account.passwordHash;
  if (hash === null || !(await passwords.verify({ hash, password }))) {
    await recordFailure(deps, email, caller);
    throw invalidSignIn();
  }
  await deps.db.transaction().execute(async (trx) => {
    await useUp(trx, invitation);
    await join(deps, trx, invitation, account, caller);
  });
}

async function joinWithNewAccount(
  deps: SessionDeps,
  invitation: OpenInvitation,
  input: { readonly name: string | null; readonly password: string },
  caller: Caller,
): Promise<void> {
  requirePassword(input.password);
  // Hashing is slow, so it happens before the transaction, without a lock.
  const passwordHash = await (await (await deps.people()).$context).password.hash(input.password);
  const { email } = invitation;
  const name = input.name ?? email.split("@")[0] ?? email;
  try {
    await deps.db.transaction().execute(async (trx) => {
      await useUp(trx, invitation);
      const userId = await insertUser(trx, { email, name, passwordHash }, deps.now());
      await join(deps, trx, invitation, { userId, name }, caller);
    });
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    // Another workspace's invitation to the same address was accepted meanwhile.
    throw new OpenSendError(
      "email_taken",
      "There is an account with this email now. Join with its password.",
    );
  }
}

/** If two requests use the same invitation concurrently, one of them finds it gone. */
async function useUp(trx: DatabaseTransaction, { id, workspaceId }: OpenInvitation): Promise<void> {
  await lockWorkspace(trx, workspaceId);
  const { numDeletedRows } = await trx.deleteFrom("invitations").where("id", "=", id).executeTakeFirst();
  if (numDeletedRows === 0n) throw invitationInvalid();
}

/** Keeps the role of someone who has become a member by other means. */
async function join(
  deps: SessionDeps,
  trx: DatabaseTransaction,
  { workspaceId, role, invitedBy }: OpenInvitation,
  { userId, name }: { readonly userId: string; readonly name: string },
  caller: Caller,
): Promise<void> {
  const id = await insertMember(trx, { workspaceId, userId, role }, deps.now());
  if (id === null) return;
  const actor: Actor = { kind: "user", id: userId, name, workspaceId, address: caller.address };
  const target = { kind: "member", id } as const;
  const metadata = { name, role, invited_by: invitedBy };
  await deps.recordAudit(trx, { actor, action: "member.joined", target, metadata }, deps.now());
}
