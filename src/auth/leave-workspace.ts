import type { Actor } from "../domain/actor.ts";
import { endMembership } from "./end-membership.ts";
import { workspaceNotFound } from "./list-workspaces.ts";
import { lockWorkspace } from "./lock-workspace.ts";
import type { SessionDeps } from "./sessions.ts";

/**
 * Ends the caller's membership in one of their workspaces. Sessions in it switch to another of their workspaces, or
 * end.
 *
 * @throws {OpenSendError} `not_found` when they are not a member, `last_owner`.
 */
export async function leaveWorkspace(deps: SessionDeps, caller: Actor, workspaceId: string): Promise<void> {
  const now = deps.now();
  await deps.db.transaction().execute(async (trx) => {
    await lockWorkspace(trx, workspaceId);
    const userId = caller.id ?? "";
    const member = await trx
      .selectFrom("members")
      .select(["id", "role"])
      .where("workspace_id", "=", workspaceId)
      .where("user_id", "=", userId)
      .executeTakeFirst();
    if (member === undefined) throw workspaceNotFound();
    const { id, role } = member;
    const revoked = await endMembership(trx, { id, workspaceId, userId, role });
    const actor = { ...caller, workspaceId };
    const target = { kind: "member", id } as const;
    const metadata = { name: caller.name, role, ...(revoked > 0 && { invitations_revoked: revoked }) };
    await deps.recordAudit(trx, { actor, action: "member.left", target, metadata }, now);
  });
}
