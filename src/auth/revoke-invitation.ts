import type { DatabaseTransaction } from "../db/open.ts";
import type { Role } from "../db/schema.ts";
import type { Actor } from "../domain/actor.ts";
import { noOpenInvitation } from "./list-invitations.ts";
import { lockWorkspace } from "./lock-workspace.ts";
import { requireAdminRole, requireOwnerFor } from "./require-role.ts";
import type { SessionDeps } from "./sessions.ts";

/**
 * Revokes an open invitation: its link stops working immediately.
 *
 * @throws {OpenSendError} `not_found`, also for an invitation that was used or has expired; `forbidden`.
 */
export async function revokeInvitation(deps: SessionDeps, actor: Actor, id: string): Promise<void> {
  const now = deps.now();
  await deps.db.transaction().execute(async (trx) => {
    await lockWorkspace(trx, actor.workspaceId);
    const own = await requireAdminRole(trx, actor);
    const row = await trx
      .selectFrom("invitations")
      .select(["email", "role"])
      .where("workspace_id", "=", actor.workspaceId)
      .where("id", "=", id)
      .where("expires_at", ">", new Date(now).toISOString())
      .executeTakeFirst();
    if (row === undefined) throw noOpenInvitation();
    requireOwnerFor(own, [row.role]);
    await trx.deleteFrom("invitations").where("id", "=", id).execute();
    const target = { kind: "invitation", id } as const;
    const metadata = { name: row.email, role: row.role };
    await deps.recordAudit(trx, { actor, action: "invitation.revoked", target, metadata }, now);
  });
}

/**
 * Revokes a person's invitations beyond their new role, or all of them for null (no role). Otherwise, a removed person
 * could rejoin by a link they created before.
 *
 * @returns How many there were.
 */
export async function revokeInvitationsBeyond(
  trx: DatabaseTransaction,
  { workspaceId, inviterId, role }: { workspaceId: string; inviterId: string; role: Role | null },
): Promise<number> {
  if (role === "owner") return 0;
  let deletion = trx
    .deleteFrom("invitations")
    .where("workspace_id", "=", workspaceId)
    .where("inviter_id", "=", inviterId);
  if (role === "admin") deletion = deletion.where("role", "=", "owner");
  const { numDeletedRows } = await deletion.executeTakeFirst();
  return Number(numDeletedRows);
}
