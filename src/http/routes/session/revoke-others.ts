import { z } from "zod";
import { revokeOtherSessions } from "../../../auth/account.ts";
import type { ApiServer } from "../../api-server.ts";
import { actorOf, sessionOf } from "../../authenticate.ts";
import { SESSION_ONLY, TAGS } from "../../openapi.ts";
import { problems } from "../../schemas/shared.ts";
import type { Services } from "../../services.ts";

export function revokeOtherSessionsRoute(app: ApiServer, { access: { sessions } }: Services): void {
  app.delete(
    "/api/sessions",
    {
      config: { requires: "session" },
      schema: {
        operationId: "revokeOtherSessions",
        summary: "End all your sessions but this one",
        tags: [TAGS.people],
        security: SESSION_ONLY,
        response: {
          204: z.null().meta({ description: "Ended" }),
          ...problems("unauthenticated", "forbidden", "cross_origin"),
        },
      },
    },
    async (request, reply) => {
      await revokeOtherSessions(sessions, actorOf(request), sessionOf(request));
      return reply.code(204).send(null);
    },
  );
}
