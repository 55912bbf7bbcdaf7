import { listWorkspaces } from "../../../auth/list-workspaces.ts";
import type { ApiServer } from "../../api-server.ts";
import { sessionOf } from "../../authenticate.ts";
import { SESSION_ONLY, TAGS } from "../../openapi.ts";
import { OwnWorkspaceList, presentOwnWorkspace } from "../../schemas/own-workspace.ts";
import { problems } from "../../schemas/shared.ts";
import type { Services } from "../../services.ts";

export function listWorkspacesRoute(app: ApiServer, { instance: { db } }: Services): void {
  app.get(
    "/api/workspaces",
    {
      config: { requires: "session" },
      schema: {
        operationId: "listWorkspaces",
        summary: "List your workspaces, in the order in which you joined",
        tags: [TAGS.members],
        security: SESSION_ONLY,
        response: { 200: OwnWorkspaceList, ...problems("unauthenticated", "forbidden") },
      },
    },
    async (request) => {
      const { userId, workspaceId } = sessionOf(request);
      const found = await listWorkspaces(db, userId);
      const data = found.map((workspace) => presentOwnWorkspace(workspace, workspaceId));
      return { object: "list" as const, data, has_more: false, next_cursor: null };
    },
  );
}
