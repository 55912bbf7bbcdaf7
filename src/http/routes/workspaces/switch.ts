import { switchWorkspace } from "../../../auth/switch-workspace.ts";
import type { ApiServer } from "../../api-server.ts";
import { sessionOf } from "../../authenticate.ts";
import { SESSION_ONLY, TAGS } from "../../openapi.ts";
import { SessionAnswer } from "../../schemas/session.ts";
import { IdParams, problems } from "../../schemas/shared.ts";
import type { Services } from "../../services.ts";
import { readOwnSession } from "../session/read.ts";

export function switchWorkspaceRoute(
  app: ApiServer,
  { access: { sessions }, instance: { settings } }: Services,
): void {
  app.post(
    "/api/workspaces/:id/switch",
    {
      config: { requires: "session" },
      schema: {
        operationId: "switchWorkspace",
        summary: "Switch your session to another of your workspaces",
        tags: [TAGS.members],
        security: SESSION_ONLY,
        params: IdParams,
        response: {
          200: SessionAnswer,
          ...problems(
            "unauthenticated",
            "forbidden",
            "cross_origin",
            "invalid_id",
            "not_found",
            "workspace_changed",
          ),
        },
      },
    },
    async (request) => {
      await switchWorkspace(sessions.db, sessionOf(request), request.params.id);
      return readOwnSession(request, sessions, settings);
    },
  );
}
