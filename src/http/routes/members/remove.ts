import { z } from "zod";
import { removeMember } from "../../../auth/remove-member.ts";
import type { ApiServer } from "../../api-server.ts";
import { actorOf } from "../../authenticate.ts";
import { SESSION_ONLY, TAGS } from "../../openapi.ts";
import { IdParams, problems } from "../../schemas/shared.ts";
import type { Services } from "../../services.ts";

export function removeMemberRoute(app: ApiServer, { access: { sessions, apiKeys } }: Services): void {
  app.delete(
    "/api/members/:id",
    {
      config: { requires: "administer" },
      schema: {
        operationId: "removeMember",
        summary: "Remove a person from the workspace",
        description:
          "Takes effect immediately: their next request is refused, and open streams end within a minute. Invitations they sent are revoked. API keys they created stay valid unless `revoke_api_keys` is `true`. Only an owner may remove an owner; the last one stays.",
        tags: [TAGS.members],
        security: SESSION_ONLY,
        params: IdParams,
        querystring: z.strictObject({
          revoke_api_keys: z
            .enum(["true", "false"])
            .default("false")
            .describe("Whether to revoke the API keys that they created in this workspace."),
        }),
        response: {
          204: z.null().meta({ description: "Removed" }),
          ...problems(
            "unauthenticated",
            "forbidden",
            "cross_origin",
            "invalid_id",
            "validation_failed",
            "not_found",
            "last_owner",
            "workspace_changed",
          ),
        },
      },
    },
    async (request, reply) => {
      const revokesKeys = request.query.revoke_api_keys === "true";
      await removeMember(sessions, apiKeys, actorOf(request), { id: request.params.id, revokesKeys });
      return reply.code(204).send(null);
    },
  );
}
