import { hashToken } from "../crypto/token-hash.ts";
import type { Database } from "../db/open.ts";
import type { Role } from "../db/schema.ts";
import { OpenSendError } from "../domain/errors.ts";

/** The part of an invitation that its link shows. */
export type InvitationView = {
  readonly workspace: string;
  readonly email: string;
  readonly role: Role;
  readonly invitedBy: string;
  readonly expiresAt: number;
  readonly hasAccount: boolean;
};

/** An open invitation, with the account of the invited person, if there is one. */
export type OpenInvitation = InvitationView & {
  readonly id: string;
  readonly workspaceId: string;
  readonly account: {
    readonly userId: string;
    readonly name: string;
    /** Null for an account that has no password. */
    readonly passwordHash: string | null;
  } | null;
};

/**
 * The open invitation for a token. The index compares hashes, which reveal nothing about the token, so timing reveals
 * nothing either.
 *
 * @throws {OpenSendError} `invitation_invalid`, worded the same for every fault.
 */
export async function lookUpInvitation(db: Database, token: string, now: number): Promise<OpenInvitation> {
  const row = await db
    .selectFrom("invitations")
    .innerJoin("workspaces", "workspaces.id", "invitations.workspace_id")
    .innerJoin("users as inviter", "inviter.id", "invitations.inviter_id")
    .leftJoin("users as invited", "invited.email", "invitations.email")
    .leftJoin("accounts", (join) =>
      join.onRef("accounts.user_id", "=", "invited.id").on("accounts.provider_id", "=", "credential"),
    )
    .select([
      "invitations.id",
      "invitations.workspace_id",
      "invitations.email",
      "invitations.role",
      "invitations.expires_at",
      "workspaces.name as workspace",
      "inviter.name as invited_by",
      "invited.id as user_id",
      "invited.name as user_name",
      "accounts.password",
    ])
    .where("invitations.token_hash", "=", hashToken(token))
    .executeTakeFirst();
  if (row === undefined || new Date(row.expires_at).getTime() <= now) throw invitationInvalid();
  return {
    id: row.id,
    workspaceId: row.workspace_id,
    workspace: row.workspace,
    email: row.email,
    role: row.role,
    invitedBy: row.invited_by,
    expiresAt: new Date(row.expires_at).getTime(),
    hasAccount: row.user_id !== null,
    account:
      row.user_id === null
        ? null
        : { userId: row.user_id, name: row.user_name ?? "", passwordHash: row.password },
  };
}

export function invitationInvalid(): OpenSendError {
  return new OpenSendError(
    "invitation_invalid",
    "This invitation has expired, was revoked or replaced, or has been used. Ask the person who invited you for a new link. If you have already joined, sign in.",
  );
}
