import { z } from "zod";
import { revokeSession } from "../../../auth/sessions.ts";
import type { ApiServer } from "../../api-server.ts";
import { actorOf } from "../../authenticate.ts";
import { SESSION_ONLY, TAGS } from "../../openapi.ts";
import { IdParams, problems } from "../../schemas/shared.ts";
import type { Services } from "../../services.ts";

export function revokeSessionRoute(app: ApiServer, { access: { sessions } }: Services): void {
  app.delete(
    "/api/sessions/:id",
    {
      config: { requires: "session" },
      schema: {
        operationId: "revokeSession",
        summary: "End one of your sessions",
        tags: [TAGS.people],
        security: SESSION_ONLY,
        params: IdParams,
        response: {
          204: z.null().meta({ description: "Ended" }),
          ...problems("unauthenticated", "forbidden", "cross_origin", "invalid_id", "not_found"),
        },
      },
    },
    async (request, reply) => {
      await revokeSession(sessions, actorOf(request), request.params.id);
      return reply.code(204).send(null);
    },
  );
}
