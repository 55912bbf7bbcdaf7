import type { DatabaseTransaction } from "../db/open.ts";
import type { Role } from "../db/schema.ts";
import type { Actor } from "../domain/actor.ts";
import { OpenSendError } from "../domain/errors.ts";

/**
 * The actor's current role in the locked workspace, which may have changed since the request was authorized.
 *
 * @throws {OpenSendError} `forbidden` when the role may not administer others.
 */
export async function requireAdminRole(trx: DatabaseTransaction, actor: Actor): Promise<"owner" | "admin"> {
  const member = await trx
    .selectFrom("members")
    .select("role")
    .where("workspace_id", "=", actor.workspaceId)
    .where("user_id", "=", actor.id ?? "")
    .executeTakeFirst();
  if (member === undefined || member.role === "viewer") {
    throw new OpenSendError("forbidden", "Your role does not allow this any more. Ask an owner or admin.");
  }
  return member.role;
}

/**
 * Applies to the roles of members and of invitations.
 *
 * @throws {OpenSendError} `forbidden` when anyone but an owner adds, changes or removes an owner.
 */
export function requireOwnerFor(own: Role, touched: readonly Role[]): void {
  if (own === "owner" || !touched.includes("owner")) return;
  throw new OpenSendError(
    "forbidden",
    "Only an owner may make, change or remove an owner, or an invitation to be one. Ask one of them.",
  );
}

/** @throws {OpenSendError} `last_owner` when no one else owns the workspace. */
export async function requireAnotherOwner(
  trx: DatabaseTransaction,
  workspaceId: string,
  memberId: string,
): Promise<void> {
  const another = await trx
    .selectFrom("members")
    .select("id")
    .where("workspace_id", "=", workspaceId)
    .where("role", "=", "owner")
    .where("id", "!=", memberId)
    .limit(1)
    .executeTakeFirst();
  if (another !== undefined) return;
  throw new OpenSendError(
    "last_owner",
    "This is the last owner of the workspace, who stays. Make another member an owner first.",
  );
}
