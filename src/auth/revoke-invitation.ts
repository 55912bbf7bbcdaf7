import type { DatabaseTransaction } from "../db/open.ts";
import type { Role } from "../db/schema.ts";
import type { Actor } from "../domain/actor.ts";
import { noOpenInvitation } from "./list-invitations.ts";
import { lockWorkspace } from "./lock-workspace.ts";
import { requireOwnerFor, requireStanding } from "./require-standing.ts";
import type { SessionDeps } from "./sessions.ts";

/**
 * Revokes an open invitation: its link stops working at once.
 *
 * @throws {OpenSendError} `not_found`, also for one that was used or has expired; `forbidden`.
 */
export async function revokeInvitation(deps: SessionDeps, actor: Actor, id: string): Promise<void> {
  const now = deps.now();
  await deps.db.transaction().execute(async (trx) => {
    await lockWorkspace(trx, actor.workspaceId);
    const own = await requireStanding(trx, actor);
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
 * Revokes what someone invited to and could not any more in their role; null for no role at all. Else anyone who is
 * removed could let themselves in again by a link made before.
 *
 * @returns How many there were.
 */
export async function revokeInvitationsBeyond(
  trx: DatabaseTransaction,
  { workspaceId, inviterId, role }: { workspaceId: string; inviterId: string; role: Role | null },
): Promise<number> {
  if (role === "owner") return 0;
  let made = trx
    .deleteFrom("invitations")
    .where("workspace_id", "=", workspaceId)
    .where("inviter_id", "=", inviterId);
  if (role === "admin") made = made.where("role", "=", "owner");
  const { numDeletedRows } = await made.executeTakeFirst();
  return Number(numDeletedRows);
}
