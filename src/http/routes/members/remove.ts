import { z } from "zod";
import { removeMember } from "../../../auth/remove-member.ts";
import type { ApiServer } from "../../api-server.ts";
import { actorOf } from "../../authenticate.ts";
import { SESSION_ONLY, TAGS } from "../../openapi.ts";
import { IdParams, problems } from "../../schemas/shared.ts";
import type { Services } from "../../services.ts";

export function removeMemberRoute(app: ApiServer, { access: { sessions } }: Services): void {
  app.delete(
    "/api/members/:id",
    {
      config: { requires: "administer" },
      schema: {
        operationId: "removeMember",
        summary: "Remove a person from the workspace",
        description:
          "At once: their next request is refused, and open streams end within a minute. Invitations they made are revoked; API keys they made stay. Only an owner may remove an owner; the last one stays.",
        tags: [TAGS.members],
        security: SESSION_ONLY,
        params: IdParams,
        response: {
          204: z.null().meta({ description: "Removed" }),
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
      await removeMember(sessions, actorOf(request), request.params.id);
      return reply.code(204).send(null);
    },
  );
}
