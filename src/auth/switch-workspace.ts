import type { Database } from "../db/open.ts";
import type { Identity } from "./identity.ts";
import { workspaceNotFound } from "./list-workspaces.ts";

/**
 * Switches the caller's session to another of their workspaces.
 *
 * @throws {OpenSendError} `not_found` when they are not a member there.
 */
export async function switchWorkspace(
  db: Database,
  caller: Identity & { kind: "user" },
  workspaceId: string,
): Promise<void> {
  const member = await db
    .selectFrom("members")
    .select("id")
    .where("workspace_id", "=", workspaceId)
    .where("user_id", "=", caller.userId)
    .executeTakeFirst();
  if (member === undefined) throw workspaceNotFound();
  await activateWorkspace(db, caller.sessionId, workspaceId);
}

/** Grants nothing by itself, since every request checks membership again. */
export async function activateWorkspace(db: Database, sessionId: string, workspaceId: string): Promise<void> {
  await db
    .updateTable("sessions")
    .set({ active_workspace_id: workspaceId })
    .where("id", "=", sessionId)
    .execute();
}
