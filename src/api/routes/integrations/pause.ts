import { pause, resume } from "../../../integrations/pause.ts";
import type { ApiServer } from "../../api-server.ts";
import { actorOf } from "../../authenticate.ts";
import { KEY_OR_SESSION, TAGS } from "../../openapi.ts";
import { ConnectionAnswer, presentConnectionAnswer } from "../../schemas/connection.ts";
import { IdParams, problems } from "../../schemas/shared.ts";
import type { Services } from "../../services.ts";
import { setEntityTag } from "./entity-tag.ts";

const response = {
  200: ConnectionAnswer,
  ...problems("unauthenticated", "forbidden", "cross_origin", "invalid_id", "not_found", "not_connected"),
};

export function pauseRoute(app: ApiServer, { integrations }: Services): void {
  app.post(
    "/api/integrations/connections/:id/pause",
    {
      config: { requires: "change" },
      schema: {
        operationId: "pauseConnection",
        summary: "Pause a connection",
        description: "While it is paused events queue; on resume they are sent.",
        tags: [TAGS.integrations],
        security: KEY_OR_SESSION,
        params: IdParams,
        response,
      },
    },
    async (request, reply) => {
      const connection = await pause(integrations, actorOf(request), request.params.id);
      setEntityTag(reply, connection);
      return presentConnectionAnswer(connection);
    },
  );
}

export function resumeRoute(app: ApiServer, { integrations }: Services): void {
  app.post(
    "/api/integrations/connections/:id/resume",
    {
      config: { requires: "change" },
      schema: {
        operationId: "resumeConnection",
        summary: "Resume a paused connection",
        tags: [TAGS.integrations],
        security: KEY_OR_SESSION,
        params: IdParams,
        response,
      },
    },
    async (request, reply) => {
      const connection = await resume(integrations, actorOf(request), request.params.id);
      setEntityTag(reply, connection);
      return presentConnectionAnswer(connection);
    },
  );
}
