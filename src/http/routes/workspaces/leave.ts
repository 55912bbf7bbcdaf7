import { z } from "zod";
import { leaveWorkspace } from "../../../auth/leave-workspace.ts";
import type { ApiServer } from "../../api-server.ts";
import { actorOf } from "../../authenticate.ts";
import { SESSION_ONLY, TAGS } from "../../openapi.ts";
import { IdParams, problems } from "../../schemas/shared.ts";
import type { Services } from "../../services.ts";

export function leaveWorkspaceRoute(app: ApiServer, { access: { sessions } }: Services): void {
  app.post(
    "/api/workspaces/:id/leave",
    {
      config: { requires: "session" },
      schema: {
        operationId: "leaveWorkspace",
        summary: "Leave one of your workspaces",
        description:
          "Takes effect immediately. Your session continues in another of your workspaces, and ends after the last one. The last owner cannot leave.",
        tags: [TAGS.members],
        security: SESSION_ONLY,
        params: IdParams,
        response: {
          204: z.null().meta({ description: "Left" }),
          ...problems(
            "unauthenticated",
            "forbidden",
            "cross_origin",
            "invalid_id",
            "not_found",
            "last_owner",
            "workspace_changed",
          ),
        },
      },
    },
    async (request, reply) => {
      await leaveWorkspace(sessions, actorOf(request), request.params.id);
      return reply.code(204).send(null);
    },
  );
}
