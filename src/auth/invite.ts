import { hashToken, randomToken } from "../crypto/token-hash.ts";
import { newId } from "../db/new-id.ts";
import type { DatabaseTransaction } from "../db/open.ts";
import type { Role } from "../db/schema.ts";
import type { Actor } from "../domain/actor.ts";
import { OpenSendError } from "../domain/errors.ts";
import { normalizeEmail } from "./create-user.ts";
import type { Invitation } from "./list-invitations.ts";
import { lockWorkspace } from "./lock-workspace.ts";
import { requireAdminRole, requireOwnerFor } from "./require-role.ts";
import type { SessionDeps } from "./sessions.ts";

/** Long enough for a holiday weekend; after that, a new invitation is needed. */
const LIFETIME_MS = 7 * 24 * 60 * 60 * 1000;
/** More open invitations than this are probably forgotten. */
const OPEN_INVITATIONS_MAX = 100;

/**
 * Invites an email address to the workspace. The token is in the response, and sealed in a mail if mail is configured;
 * otherwise only its hash is stored. A second invitation of the same address replaces the first, whose link then stops
 * working.
 *
 * @throws {OpenSendError} `forbidden`, `already_member`, `limit_reached`.
 */
export async function invite(
  deps: SessionDeps,
  actor: Actor,
  input: { readonly email: string; readonly role: Role },
  publicUrl: string,
): Promise<{ invitation: Invitation; url: string; isMailed: boolean }> {
  const token = randomToken();
  // Browsers never send the part after the hash sign, so the token is in no proxy's log.
  const url = `${publicUrl}/invite#${token}`;
  const now = deps.now();
  const { workspaceId, name } = actor;
  const { role } = input;
  const email = normalizeEmail(input.email);
  const invitation: Invitation = {
    id: newId(),
    email,
    role,
    invitedBy: { id: actor.id ?? "", name },
    createdAt: now,
    expiresAt: now + LIFETIME_MS,
  };
  const isMailed = await deps.db.transaction().execute(async (trx) => {
    await lockWorkspace(trx, workspaceId);
    const own = await requireAdminRole(trx, actor);
    const replaced = await findOpenRole(trx, workspaceId, email, now);
    requireOwnerFor(own, replaced === null ? [role] : [role, replaced]);
    await refuseMember(trx, workspaceId, email);
    await requireCapacity(trx, workspaceId, email, now);
    await trx
      .insertInto("invitations")
      .values({
        id: invitation.id,
        workspace_id: workspaceId,
        inviter_id: invitation.invitedBy.id,
        email,
        role,
        status: "pending",
        expires_at: new Date(invitation.expiresAt).toISOString(),
        created_at: new Date(now).toISOString(),
        token_hash: hashToken(token),
      })
      .execute();
    const target = { kind: "invitation", id: invitation.id } as const;
    const metadata = { name: email, role, ...(replaced !== null && { replaced_role: replaced }) };
    await deps.recordAudit(trx, { actor, action: "member.invited", target, metadata }, now);
    return mailInvitation(deps, trx, { invitation, workspaceId, url });
  });
  return { invitation, url, isMailed };
}

/** Returns whether the link is sent by mail. */
async function mailInvitation(
  { mailQueue, now }: SessionDeps,
  trx: DatabaseTransaction,
  of: { readonly invitation: Invitation; readonly workspaceId: string; readonly url: string },
): Promise<boolean> {
  if (mailQueue === null) return false;
  const { email, invitedBy } = of.invitation;
  const workspace = await trx
    .selectFrom("workspaces")
    .select("name")
    .where("id", "=", of.workspaceId)
    .executeTakeFirstOrThrow();
  const content = {
    to: email,
    subject: `[OpenSend] ${invitedBy.name} invites you to ${workspace.name}`,
    paragraphs: [`${invitedBy.name} invites you to the workspace ${workspace.name} in OpenSend.`],
    link: { label: "Join the workspace", url: of.url },
    footer: "The link works once, for 7 days. If you do not know who invites you, ignore this mail.",
  };
  return (await mailQueue.add(trx, [{ content, reference: null, lifetimeMs: LIFETIME_MS }], now())) === 1;
}

async function refuseMember(trx: DatabaseTransaction, workspaceId: string, email: string): Promise<void> {
  const member = await trx
    .selectFrom("members")
    .innerJoin("users", "users.id", "members.user_id")
    .select("members.id")
    .where("members.workspace_id", "=", workspaceId)
    .where("users.email", "=", email)
    .executeTakeFirst();
  if (member === undefined) return;
  throw new OpenSendError(
    "already_member",
    "The account with this email is a member of the workspace already. Change their role under Members instead.",
  );
}

/** The role of the invitation that a new one replaces. */
async function findOpenRole(
  trx: DatabaseTransaction,
  workspaceId: string,
  email: string,
  now: number,
): Promise<Role | null> {
  const row = await trx
    .selectFrom("invitations")
    .select("role")
    .where("workspace_id", "=", workspaceId)
    .where("email", "=", email)
    .where("expires_at", ">", new Date(now).toISOString())
    .executeTakeFirst();
  return row?.role ?? null;
}

/** Deletes expired invitations and the one being replaced. */
async function requireCapacity(
  trx: DatabaseTransaction,
  workspaceId: string,
  email: string,
  now: number,
): Promise<void> {
  await trx
    .deleteFrom("invitations")
    .where("workspace_id", "=", workspaceId)
    .where((eb) => eb.or([eb("email", "=", email), eb("expires_at", "<=", new Date(now).toISOString())]))
    .execute();
  const open = await trx
    .selectFrom("invitations")
    .select("id")
    .where("workspace_id", "=", workspaceId)
    .limit(OPEN_INVITATIONS_MAX)
    .execute();
  if (open.length < OPEN_INVITATIONS_MAX) return;
  throw new OpenSendError(
    "limit_reached",
    `The workspace has ${OPEN_INVITATIONS_MAX} open invitations, which is the most. Revoke some first.`,
  );
}
