import type { Database } from "../db/open.ts";
import type { ConnectionStatus } from "../domain/connection.ts";
import type { Alert } from "./alert-row.ts";

export type Recipients = {
  /** Recipients that are still members of the workspace. */
  readonly members: readonly { readonly id: string; readonly name: string; readonly email: string }[];
  readonly connection: {
    readonly id: string;
    readonly name: string;
    readonly status: ConnectionStatus;
  } | null;
};

type Named = Pick<Alert, "workspaceId" | "memberIds" | "notifyConnectionId">;

/** The current recipients of an alert. */
export async function readRecipients(db: Database, alert: Named): Promise<Recipients> {
  const { workspaceId, memberIds, notifyConnectionId } = alert;
  const members =
    memberIds.length === 0
      ? []
      : await db
          .selectFrom("members")
          .innerJoin("users", "users.id", "members.user_id")
          .select(["members.id", "users.name", "users.email"])
          .where("members.workspace_id", "=", workspaceId)
          .where("members.id", "in", memberIds)
          .orderBy("members.id")
          .execute();
  const connection =
    notifyConnectionId === null
      ? undefined
      : await db
          .selectFrom("connections")
          .select(["id", "name", "status"])
          .where("workspace_id", "=", workspaceId)
          .where("id", "=", notifyConnectionId)
          .executeTakeFirst();
  return { members, connection: connection ?? null };
}

export async function readWorkspaceName(db: Database, workspaceId: string): Promise<string> {
  const row = await db
    .selectFrom("workspaces")
    .select("name")
    .where("id", "=", workspaceId)
    .executeTakeFirst();
  return row?.name ?? "";
}
