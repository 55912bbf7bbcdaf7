import { z } from "zod";
import { listConnections } from "../../../connections/read.ts";
import type { ApiServer } from "../../api-server.ts";
import { callerOf } from "../../authenticate.ts";
import { presentList, readPageRequest } from "../../cursor.ts";
import { KEY_OR_SESSION, TAGS } from "../../openapi.ts";
import { ConnectionList, connectionStatus, presentConnection } from "../../schemas/connection.ts";
import { line, pageQuery, problems } from "../../schemas/shared.ts";
import type { Services } from "../../services.ts";

const Query = z.strictObject({
  status: connectionStatus.optional(),
  provider: line({ min: 1, max: 64 }).optional(),
  q: line({ min: 1, max: 100 })
    .optional()
    .meta({ description: "Part of the name or of the endpoint's host" }),
  ...pageQuery,
});

export function listConnectionsRoute(app: ApiServer, { instance: { db } }: Services): void {
  app.get(
    "/api/integrations/connections",
    {
      config: { requires: "read" },
      schema: {
        operationId: "listConnections",
        summary: "List connections, newest first",
        tags: [TAGS.integrations],
        security: KEY_OR_SESSION,
        querystring: Query,
        response: {
          200: ConnectionList,
          ...problems("unauthenticated", "forbidden", "invalid_cursor", "validation_failed"),
        },
      },
    },
    async (request) => {
      const { status, provider, q } = request.query;
      const filter = { status: status ?? null, provider: provider ?? null, text: q ?? null };
      const pageRequest = readPageRequest("connections", request.query);
      const page = await listConnections(db, callerOf(request).workspaceId, filter, pageRequest);
      return presentList("connections", page, presentConnection);
    },
  );
}
