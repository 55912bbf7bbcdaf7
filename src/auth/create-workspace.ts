import { newId } from "../db/new-id.ts";
import type { Actor } from "../domain/actor.ts";
import { OpenSendError } from "../domain/errors.ts";
import type { Identity } from "./identity.ts";
import { insertMember } from "./insert-user.ts";
import { listWorkspaces, type OwnWorkspace, WORKSPACES_PER_PERSON_MAX } from "./list-workspaces.ts";
import type { SessionDeps } from "./sessions.ts";
import { activateWorkspace } from "./switch-workspace.ts";

/**
 * Creates a workspace that the caller owns, and switches their session to it.
 *
 * @throws {OpenSendError} `limit_reached`.
 */
export async function createWorkspace(
  deps: SessionDeps,
  caller: Identity & { kind: "user" },
  input: { readonly name: string; readonly address: string | null },
): Promise<OwnWorkspace> {
  const own = await listWorkspaces(deps.db, caller.userId);
  if (own.length >= WORKSPACES_PER_PERSON_MAX) {
    throw new OpenSendError(
      "limit_reached",
      `You are in ${own.length} workspaces; ${WORKSPACES_PER_PERSON_MAX} are the most. Leave one first.`,
    );
  }
  const now = deps.now();
  const { userId, name: callerName, sessionId } = caller;
  const id = newId();
  const { name, address } = input;
  await deps.db.transaction().execute(async (trx) => {
    const createdAt = new Date(now).toISOString();
    await trx.insertInto("workspaces").values({ id, name, slug: id, created_at: createdAt }).execute();
    await insertMember(trx, { workspaceId: id, userId, role: "owner" }, now);
    await activateWorkspace(trx, sessionId, id);
    const actor: Actor = { kind: "user", id: userId, name: callerName, workspaceId: id, address };
    const target = { kind: "workspace", id } as const;
    await deps.recordAudit(trx, { actor, action: "workspace.created", target, metadata: { name } }, now);
  });
  return { id, name, role: "owner" };
}
