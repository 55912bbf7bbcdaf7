import { getConnection } from "../../../connections/read.ts";
import type { ApiServer } from "../../api-server.ts";
import { callerOf } from "../../authenticate.ts";
import { setEntityTag } from "../../entity-tag.ts";
import { KEY_OR_SESSION, TAGS } from "../../openapi.ts";
import { ConnectionAnswer, presentConnectionAnswer } from "../../schemas/connection.ts";
import { IdParams, problems } from "../../schemas/shared.ts";
import type { Services } from "../../services.ts";

export function readConnectionRoute(app: ApiServer, { instance: { db, now } }: Services): void {
  app.get(
    "/api/integrations/connections/:id",
    {
      config: { requires: "read", keepsToOwn: "by id", isVersioned: true },
      schema: {
        operationId: "getConnection",
        summary: "Retrieve a connection",
        tags: [TAGS.integrations],
        security: KEY_OR_SESSION,
        params: IdParams,
        response: {
          200: ConnectionAnswer,
          ...problems("unauthenticated", "forbidden", "invalid_id", "not_found"),
        },
      },
    },
    async (request, reply) => {
      const connection = await getConnection(db, callerOf(request).workspaceId, request.params.id);
      setEntityTag(reply, connection);
      return presentConnectionAnswer(connection, now());
    },
  );
}
