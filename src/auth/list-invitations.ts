import type { Database } from "../db/open.ts";
import type { Role } from "../db/schema.ts";
import { OpenSendError } from "../domain/errors.ts";

/** An open invitation without its token. Times are epoch milliseconds. */
export type Invitation = {
  readonly id: string;
  readonly email: string;
  readonly role: Role;
  readonly invitedBy: { readonly id: string; readonly name: string };
  readonly createdAt: number;
  readonly expiresAt: number;
};

/** A workspace's open invitations, newest first; `invite.ts` limits their number. */
export async function listInvitations(db: Database, workspaceId: string, now: number): Promise<Invitation[]> {
  const rows = await openInvitations(db, workspaceId, now).orderBy("invitations.id", "desc").execute();
  return rows.map(toInvitation);
}

/** @throws {OpenSendError} `not_found`, also for an invitation that was used or has expired. */
export async function getInvitation(
  db: Database,
  workspaceId: string,
  id: string,
  now: number,
): Promise<Invitation> {
  const row = await openInvitations(db, workspaceId, now).where("invitations.id", "=", id).executeTakeFirst();
  if (row === undefined) throw noOpenInvitation();
  return toInvitation(row);
}

export function noOpenInvitation(): OpenSendError {
  return new OpenSendError(
    "not_found",
    "This workspace has no open invitation with that id. Copy the id from the list of invitations.",
  );
}

function openInvitations(db: Database, workspaceId: string, now: number) {
  return db
    .selectFrom("invitations")
    .innerJoin("users", "users.id", "invitations.inviter_id")
    .select([
      "invitations.id",
      "invitations.email",
      "invitations.role",
      "invitations.inviter_id",
      "invitations.created_at",
      "invitations.expires_at",
      "users.name",
    ])
    .where("invitations.workspace_id", "=", workspaceId)
    .where("invitations.expires_at", ">", new Date(now).toISOString());
}

type OpenRow = Awaited<ReturnType<ReturnType<typeof openInvitations>["execute"]>>[number];

function toInvitation(row: OpenRow): Invitation {
  return {
    id: row.id,
    email: row.email,
    role: row.role,
    invitedBy: { id: row.inviter_id, name: row.name },
    createdAt: new Date(row.created_at).getTime(),
    expiresAt: new Date(row.expires_at).getTime(),
  };
}
