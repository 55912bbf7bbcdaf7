import { disconnect } from "../../../connections/disconnect.ts";
import type { ApiServer } from "../../api-server.ts";
import { actorOf } from "../../authenticate.ts";
import { readVersionCheck, setEntityTag } from "../../entity-tag.ts";
import { KEY_OR_SESSION, TAGS } from "../../openapi.ts";
import { ConnectionAnswer, presentConnectionAnswer } from "../../schemas/connection.ts";
import { IdParams, problems } from "../../schemas/shared.ts";
import type { Services } from "../../services.ts";

export function disconnectRoute(app: ApiServer, { integrations }: Services): void {
  app.delete(
    "/api/integrations/connections/:id",
    {
      config: { requires: "change", keepsToOwn: "by id", isVersioned: true },
      schema: {
        operationId: "disconnectConnection",
        summary: "Disconnect the connector",
        description:
          "Destroys the sealed credentials and cancels queued deliveries; the history stays. Repeating the call changes nothing.",
        tags: [TAGS.integrations],
        security: KEY_OR_SESSION,
        params: IdParams,
        response: {
          200: ConnectionAnswer,
          ...problems("unauthenticated", "forbidden", "cross_origin", "invalid_id", "not_found"),
        },
      },
    },
    async (request, reply) => {
      const isCurrent = readVersionCheck(request);
      const connection = await disconnect(integrations, actorOf(request), request.params.id, isCurrent);
      setEntityTag(reply, connection);
      return presentConnectionAnswer(connection, integrations.now());
    },
  );
}
