import { readSession } from "../../../auth/sessions.ts";
import { OpenSendError } from "../../../core/errors.ts";
import type { ApiServer } from "../../api-server.ts";
import { SESSION_ONLY, TAGS } from "../../openapi.ts";
import { presentSession, SessionAnswer } from "../../schemas/session.ts";
import { problems } from "../../schemas/shared.ts";
import type { Services } from "../../services.ts";

export function readSessionRoute(app: ApiServer, { sessions, settings }: Services): void {
  app.get(
    "/api/session",
    {
      schema: {
        operationId: "getSession",
        summary: "Who is signed in",
        tags: [TAGS.people],
        security: SESSION_ONLY,
        response: { 200: SessionAnswer, ...problems("unauthenticated") },
      },
    },
    async (request) => {
      const session = await readSession(sessions, request.headers.cookie ?? "");
      if (session === null) throw new OpenSendError("unauthenticated", "Nobody is signed in. Sign in first.");
      request.renewedCookies = session.cookies;
      return presentSession(session.view, settings.retention);
    },
  );
}
