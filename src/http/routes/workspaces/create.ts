import { createWorkspace } from "../../../auth/create-workspace.ts";
import type { ApiServer } from "../../api-server.ts";
import { sessionOf } from "../../authenticate.ts";
import { SESSION_ONLY, TAGS } from "../../openapi.ts";
import { CreateWorkspaceBody, OwnWorkspaceAnswer, presentOwnWorkspace } from "../../schemas/own-workspace.ts";
import { problems } from "../../schemas/shared.ts";
import type { Services } from "../../services.ts";

export function createWorkspaceRoute(app: ApiServer, { access: { sessions } }: Services): void {
  app.post(
    "/api/workspaces",
    {
      config: { requires: "administer" },
      schema: {
        operationId: "createWorkspace",
        summary: "Create a workspace",
        description:
          "You are its owner, and your session is in it from then on. Nothing is shared with others.",
        tags: [TAGS.members],
        security: SESSION_ONLY,
        body: CreateWorkspaceBody,
        response: {
          201: OwnWorkspaceAnswer,
          ...problems(
            "malformed_json",
            "unauthenticated",
            "forbidden",
            "cross_origin",
            "limit_reached",
            "workspace_changed",
            "body_too_large",
            "unsupported_media_type",
            "validation_failed",
          ),
        },
      },
    },
    async (request, reply) => {
      const input = { name: request.body.name, address: request.ip };
      const created = await createWorkspace(sessions, sessionOf(request), input);
      // The session has switched to the new workspace.
      reply.header("location", "/api/workspace");
      return reply
        .code(201)
        .send({ object: "workspace" as const, data: presentOwnWorkspace(created, created.id) });
    },
  );
}
