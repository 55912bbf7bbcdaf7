import type { Database } from "../db/open.ts";
import type { Role } from "../db/schema.ts";
import { OpenSendError } from "../domain/errors.ts";

/** How many workspaces a person can reach by creating them; far more than anyone looks through in a menu. */
export const WORKSPACES_PER_PERSON_MAX = 100;

/** A workspace as one of its members sees it. */
export type OwnWorkspace = {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
};

/** The workspaces of a person, in the order in which they joined. */
export async function listWorkspaces(db: Database, userId: string): Promise<OwnWorkspace[]> {
  return db
    .selectFrom("members")
    .innerJoin("workspaces", "workspaces.id", "members.workspace_id")
    .select(["workspaces.id", "workspaces.name", "members.role"])
    .where("members.user_id", "=", userId)
    .orderBy("members.id")
    .execute();
}

export function workspaceNotFound(): OpenSendError {
  return new OpenSendError(
    "not_found",
    "You are a member of no workspace with that id. Copy the id from the list of your workspaces.",
  );
}
