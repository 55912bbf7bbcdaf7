import { z } from "zod";
import { revokeInvitation } from "../../../auth/revoke-invitation.ts";
import type { ApiServer } from "../../api-server.ts";
import { actorOf } from "../../authenticate.ts";
import { SESSION_ONLY, TAGS } from "../../openapi.ts";
import { IdParams, problems } from "../../schemas/shared.ts";
import type { Services } from "../../services.ts";

export function revokeInvitationRoute(app: ApiServer, { access: { sessions } }: Services): void {
  app.delete(
    "/api/invitations/:id",
    {
      config: { requires: "administer" },
      schema: {
        operationId: "revokeInvitation",
        summary: "Revoke an open invitation",
        description: "The link stops working immediately.",
        tags: [TAGS.members],
        security: SESSION_ONLY,
        params: IdParams,
        response: {
          204: z.null().meta({ description: "Revoked" }),
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
    async (request, reply) => {
      await revokeInvitation(sessions, actorOf(request), request.params.id);
      return reply.code(204).send(null);
    },
  );
}
