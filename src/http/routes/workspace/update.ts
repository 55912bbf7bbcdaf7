import type { z } from "zod";
import { updateWorkspaceSettings, type WorkspaceChange } from "../../../auth/workspace-settings.ts";
import type { ApiServer } from "../../api-server.ts";
import { actorOf } from "../../authenticate.ts";
import { readVersionCheck, setEntityTag } from "../../entity-tag.ts";
import { SESSION_ONLY, TAGS } from "../../openapi.ts";
import { problems } from "../../schemas/shared.ts";
import { presentWorkspace, WorkspaceAnswer, WorkspaceBody } from "../../schemas/workspace.ts";
import type { Services } from "../../services.ts";

export function updateWorkspaceRoute(
  app: ApiServer,
  { access: { workspaceSettings }, instance: { settings } }: Services,
): void {
  app.patch(
    "/api/workspace",
    {
      config: { requires: "administer", isVersioned: true },
      schema: {
        operationId: "updateWorkspace",
        summary: "Update the workspace's name or retention",
        description:
          "At least one field. Days are those of the instance at most; null follows the instance. For owners and admins who are signed in.",
        tags: [TAGS.workspace],
        security: SESSION_ONLY,
        body: WorkspaceBody,
        response: {
          200: WorkspaceAnswer,
          ...problems(
            "malformed_json",
            "unauthenticated",
            "forbidden",
            "cross_origin",
            "body_too_large",
            "unsupported_media_type",
            "validation_failed",
          ),
        },
      },
    },
    async (request, reply) => {
      const isCurrent = readVersionCheck(request);
      const change = toChange(request.body);
      const workspace = await updateWorkspaceSettings(workspaceSettings, actorOf(request), change, isCurrent);
      setEntityTag(reply, workspace);
      return presentWorkspace(workspace, settings.retention);
    },
  );
}

function toChange({ name, retention }: z.infer<typeof WorkspaceBody>): WorkspaceChange {
  const { payload_days: payloadDays, status_days: statusDays } = retention ?? {};
  const retentionDays = {
    ...(payloadDays === undefined ? {} : { payloadDays }),
    ...(statusDays === undefined ? {} : { statusDays }),
  };
  return { ...(name === undefined ? {} : { name }), ...(retention === undefined ? {} : { retentionDays }) };
}
