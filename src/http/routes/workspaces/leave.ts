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
          "At once. Your session goes on in another of yours; after the last one it ends. The last owner stays.",
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
