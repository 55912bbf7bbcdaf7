import type { Role } from "../db/schema.ts";
import type { Actor } from "../domain/actor.ts";
import { findMember, getMember, type Member } from "./list-members.ts";
import { lockWorkspace } from "./lock-workspace.ts";
import { requireAdminRole, requireAnotherOwner, requireOwnerFor } from "./require-role.ts";
import { revokeInvitationsBeyond } from "./revoke-invitation.ts";
import type { SessionDeps } from "./sessions.ts";

/**
 * Changes a member's role, effective immediately. Invitations beyond the new role are revoked. The same role changes
 * nothing.
 *
 * @throws {OpenSendError} `not_found`, `forbidden`, `last_owner`.
 */
export async function changeRole(deps: SessionDeps, actor: Actor, id: string, role: Role): Promise<Member> {
  const now = deps.now();
  const { workspaceId } = actor;
  await deps.db.transaction().execute(async (trx) => {
    await lockWorkspace(trx, workspaceId);
    const own = await requireAdminRole(trx, actor);
    const member = await findMember(trx, workspaceId, id);
    if (member.role === role) return;
    requireOwnerFor(own, [member.role, role]);
    if (member.role === "owner") await requireAnotherOwner(trx, workspaceId, id);
    await trx.updateTable("members").set({ role }).where("id", "=", id).execute();
    const revoked = await revokeInvitationsBeyond(trx, { workspaceId, inviterId: member.userId, role });
    const target = { kind: "member", id } as const;
    const metadata = {
      name: member.name,
      from: member.role,
      to: role,
      ...(revoked > 0 && { invitations_revoked: revoked }),
    };
    await deps.recordAudit(trx, { actor, action: "member.role_changed", target, metadata }, now);
  });
  return getMember(deps.db, workspaceId, id);
}
