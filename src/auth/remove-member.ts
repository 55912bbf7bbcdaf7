import type { Actor } from "../domain/actor.ts";
import { type ApiKeyDeps, revokeKeysCreatedBy } from "./api-keys.ts";
import { endMembership } from "./end-membership.ts";
import { findMember } from "./list-members.ts";
import { lockWorkspace } from "./lock-workspace.ts";
import { requireAdminRole, requireOwnerFor } from "./require-role.ts";
import type { SessionDeps } from "./sessions.ts";

/**
 * Removes a person from the workspace immediately: the next request of their session is no longer in it. With
 * `revokesKeys`, also revokes the API keys that they created.
 *
 * @throws {OpenSendError} `not_found`, `forbidden`, `last_owner`.
 */
export async function removeMember(
  deps: SessionDeps,
  apiKeys: Pick<ApiKeyDeps, "evictKey" | "recordAudit">,
  actor: Actor,
  { id, revokesKeys }: { readonly id: string; readonly revokesKeys: boolean },
): Promise<void> {
  const now = deps.now();
  const { workspaceId } = actor;
  const keyIds = await deps.db.transaction().execute(async (trx) => {
    await lockWorkspace(trx, workspaceId);
    const own = await requireAdminRole(trx, actor);
    const { userId, role, name } = await findMember(trx, workspaceId, id);
    requireOwnerFor(own, [role]);
    const revoked = await endMembership(trx, { id, workspaceId, userId, role });
    const target = { kind: "member", id } as const;
    const keys = revokesKeys ? await revokeKeysCreatedBy(apiKeys, trx, actor, userId, now) : [];
    const metadata = {
      name,
      role,
      ...(revoked > 0 && { invitations_revoked: revoked }),
      ...(revokesKeys && { api_keys_revoked: keys.length }),
    };
    await deps.recordAudit(trx, { actor, action: "member.removed", target, metadata }, now);
    return keys;
  });
  for (const keyId of keyIds) apiKeys.evictKey(keyId);
}
