import type { DatabaseTransaction } from "../db/open.ts";
import type { Role } from "../db/schema.ts";
import { requireAnotherOwner } from "./require-role.ts";
import { revokeInvitationsBeyond } from "./revoke-invitation.ts";

type Membership = {
  readonly id: string;
  readonly workspaceId: string;
  readonly userId: string;
  readonly role: Role;
};

/**
 * Removes a person from a locked workspace: their sessions switch to another workspace, or end if it was their last,
 * and the invitations they created are revoked. API keys belong to the workspace and stay, unless `removeMember`
 * revokes them.
 *
 * @returns How many invitations were revoked.
 * @throws {OpenSendError} `last_owner`.
 */
export async function endMembership(trx: DatabaseTransaction, member: Membership): Promise<number> {
  const { id, workspaceId, userId } = member;
  if (member.role === "owner") await requireAnotherOwner(trx, workspaceId, id);
  await trx.deleteFrom("members").where("id", "=", id).execute();
  await trx
    .updateTable("sessions")
    .set({ active_workspace_id: null })
    .where("user_id", "=", userId)
    .where("active_workspace_id", "=", workspaceId)
    .execute();
  await trx
    .deleteFrom("sessions")
    .where("user_id", "=", userId)
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom("members").select("members.id").where("members.user_id", "=", userId))),
    )
    .execute();
  return revokeInvitationsBeyond(trx, { workspaceId, inviterId: userId, role: null });
}
