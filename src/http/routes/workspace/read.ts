import { readWorkspaceSettings } from "../../../auth/workspace-settings.ts";
import type { ApiServer } from "../../api-server.ts";
import { callerOf } from "../../authenticate.ts";
import { setEntityTag } from "../../entity-tag.ts";
import { KEY_OR_SESSION, TAGS } from "../../openapi.ts";
import { problems } from "../../schemas/shared.ts";
import { presentWorkspace, WorkspaceAnswer } from "../../schemas/workspace.ts";
import type { Services } from "../../services.ts";

export function readWorkspaceRoute(app: ApiServer, { instance: { db, settings } }: Services): void {
  app.get(
    "/api/workspace",
    {
      config: { requires: "read", isVersioned: true },
      schema: {
        operationId: "getWorkspace",
        summary: "Retrieve your current workspace",
        tags: [TAGS.workspace],
        security: KEY_OR_SESSION,
        response: { 200: WorkspaceAnswer, ...problems("unauthenticated", "forbidden") },
      },
    },
    async (request, reply) => {
      const workspace = await readWorkspaceSettings(db, callerOf(request).workspaceId);
      setEntityTag(reply, workspace);
      return presentWorkspace(workspace, settings.retention);
    },
  );
}
