import { listSessions } from "../../../auth/sessions.ts";
import type { ApiServer } from "../../api-server.ts";
import { sessionOf } from "../../authenticate.ts";
import { SESSION_ONLY, TAGS } from "../../openapi.ts";
import { presentSessionItem, SessionList } from "../../schemas/session.ts";
import { problems } from "../../schemas/shared.ts";
import type { Services } from "../../services.ts";

export function listSessionsRoute(app: ApiServer, { access: { sessions } }: Services): void {
  app.get(
    "/api/sessions",
    {
      config: { requires: "session" },
      schema: {
        operationId: "listSessions",
        summary: "List your sessions",
        tags: [TAGS.people],
        security: SESSION_ONLY,
        response: { 200: SessionList, ...problems("unauthenticated", "forbidden") },
      },
    },
    async (request) => {
      const caller = sessionOf(request);
      const found = await listSessions(sessions.db, caller.userId, sessions.now());
      const data = found.map((session) => presentSessionItem(session, caller.sessionId));
      return { object: "list" as const, data, has_more: false, next_cursor: null };
    },
  );
}
