import type { Actor } from "../domain/actor.ts";
import { endMembership } from "./end-membership.ts";
import { findMember } from "./list-members.ts";
import { lockWorkspace } from "./lock-workspace.ts";
import { requireOwnerFor, requireStanding } from "./require-standing.ts";
import type { SessionDeps } from "./sessions.ts";

/**
 * Removes a person from the workspace, at once: the next request of their session is not in it any more.
 *
 * @throws {OpenSendError} `not_found`, `forbidden`, `last_owner`.
 */
export async function removeMember(deps: SessionDeps, actor: Actor, id: string): Promise<void> {
  const now = deps.now();
  const { workspaceId } = actor;
  await deps.db.transaction().execute(async (trx) => {
    await lockWorkspace(trx, workspaceId);
    const own = await requireStanding(trx, actor);
    const { userId, role, name } = await findMember(trx, workspaceId, id);
    requireOwnerFor(own, [role]);
    const revoked = await endMembership(trx, { id, workspaceId, userId, role });
    const target = { kind: "member", id } as const;
    const metadata = { name, role, ...(revoked > 0 && { invitations_revoked: revoked }) };
    await deps.recordAudit(trx, { actor, action: "member.removed", target, metadata }, now);
  });
}
