import { pause, resume } from "../../../connections/pause.ts";
import type { ApiServer } from "../../api-server.ts";
import { actorOf } from "../../authenticate.ts";
import { readVersionCheck, setEntityTag } from "../../entity-tag.ts";
import { KEY_OR_SESSION, TAGS } from "../../openapi.ts";
import { ConnectionAnswer, presentConnectionAnswer } from "../../schemas/connection.ts";
import { IdParams, problems } from "../../schemas/shared.ts";
import type { Services } from "../../services.ts";

const CALLS = [
  {
    verb: "pause",
    change: pause,
    summary: "Pause a connection",
    description: "While a connection is paused, events queue. They are sent on resume.",
  },
  {
    verb: "resume",
    change: resume,
    summary: "Resume a paused connection",
    description: "Queued deliveries are sent, oldest first.",
  },
] as const;

export function pauseAndResumeRoutes(app: ApiServer, { integrations }: Services): void {
  for (const { verb, change, summary, description } of CALLS) {
    app.post(
      `/api/integrations/connections/:id/${verb}`,
      {
        config: { requires: "change", keepsToOwn: "by id", isVersioned: true },
        schema: {
          operationId: `${verb}Connection`,
          summary,
          description,
          tags: [TAGS.integrations],
          security: KEY_OR_SESSION,
          params: IdParams,
          response: {
            200: ConnectionAnswer,
            ...problems(
              "unauthenticated",
              "forbidden",
              "cross_origin",
              "invalid_id",
              "not_found",
              "not_connected",
            ),
          },
        },
      },
      async (request, reply) => {
        const isCurrent = readVersionCheck(request);
        const connection = await change(integrations, actorOf(request), request.params.id, isCurrent);
        setEntityTag(reply, connection);
        return presentConnectionAnswer(connection, integrations.now());
      },
    );
  }
}
