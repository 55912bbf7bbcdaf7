import type { FastifyRequest } from "fastify";
import { readSession, type SessionDeps } from "../../../auth/sessions.ts";
import { OpenSendError } from "../../../domain/errors.ts";
import type { ApiServer } from "../../api-server.ts";
import { SESSION_ONLY, TAGS } from "../../openapi.ts";
import { presentSession, SessionAnswer } from "../../schemas/session.ts";
import { problems } from "../../schemas/shared.ts";
import type { Services } from "../../services.ts";

export function readSessionRoute(
  app: ApiServer,
  { access: { sessions }, instance: { settings } }: Services,
): void {
  app.get(
    "/api/session",
    {
      schema: {
        operationId: "getSession",
        summary: "Retrieve the current session",
        tags: [TAGS.people],
        security: SESSION_ONLY,
        response: { 200: SessionAnswer, ...problems("unauthenticated") },
      },
    },
    (request) => readOwnSession(request, sessions, settings),
  );
}

/**
 * The current session of the request's cookie, as responses present it.
 *
 * @throws {OpenSendError} `unauthenticated`.
 */
export async function readOwnSession(
  request: FastifyRequest,
  sessions: SessionDeps,
  { retention }: Pick<Services["instance"]["settings"], "retention">,
) {
  const session = await readSession(sessions, request.headers.cookie ?? "");
  if (session === null) throw new OpenSendError("unauthenticated", "No one is signed in. Sign in first.");
  request.renewedCookies = session.cookies;
  return presentSession(session.view, retention);
}
