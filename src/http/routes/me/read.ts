import { readCaller } from "../../../auth/read-caller.ts";
import type { ApiServer } from "../../api-server.ts";
import { callerOf } from "../../authenticate.ts";
import { KEY_OR_SESSION, TAGS } from "../../openapi.ts";
import { CallerAnswer, presentCaller } from "../../schemas/caller.ts";
import { problems } from "../../schemas/shared.ts";
import type { Services } from "../../services.ts";

export function meRoute(app: ApiServer, { instance: { db } }: Services): void {
  app.get(
    "/api/me",
    {
      config: { requires: "known" },
      schema: {
        operationId: "getCaller",
        summary: "Retrieve what the caller is and may do",
        description: "For every key and session: use it to test credentials.",
        tags: [TAGS.keys],
        security: KEY_OR_SESSION,
        response: { 200: CallerAnswer, ...problems("unauthenticated") },
      },
    },
    async (request) => {
      const caller = callerOf(request);
      return presentCaller(caller, await readCaller(db, caller));
    },
  );
}
