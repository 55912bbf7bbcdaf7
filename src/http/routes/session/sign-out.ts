import { z } from "zod";
import { signOut } from "../../../auth/sessions.ts";
import type { ApiServer } from "../../api-server.ts";
import { actorOf, sessionOf } from "../../authenticate.ts";
import { SESSION_ONLY, TAGS } from "../../openapi.ts";
import { problems } from "../../schemas/shared.ts";
import type { Services } from "../../services.ts";

export function signOutRoute(app: ApiServer, { access: { sessions } }: Services): void {
  app.delete(
    "/api/session",
    {
      config: { requires: "session" },
      schema: {
        operationId: "signOut",
        summary: "Sign out",
        tags: [TAGS.people],
        security: SESSION_ONLY,
        response: {
          204: z.null().meta({ description: "Signed out" }),
          ...problems("unauthenticated", "cross_origin"),
        },
      },
    },
    async (request, reply) => {
      request.renewedCookies = [];
      const { sessionId } = sessionOf(request);
      const cookies = await signOut(sessions, actorOf(request), sessionId, request.headers.cookie ?? "");
      return reply.code(204).header("set-cookie", cookies).send(null);
    },
  );
}
