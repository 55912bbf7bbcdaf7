import { findByUrl } from "../../../connections/find-by-url.ts";
import type { ApiServer } from "../../api-server.ts";
import { actorOf } from "../../authenticate.ts";
import { presentList, readPageRequest } from "../../cursor.ts";
import { KEY_OR_SESSION, TAGS } from "../../openapi.ts";
import { ConnectionList, presentConnection } from "../../schemas/connection.ts";
import { FindBody } from "../../schemas/find-connections.ts";
import { problems } from "../../schemas/shared.ts";
import type { Services } from "../../services.ts";

export function findConnectionsRoute(app: ApiServer, { integrations }: Services): void {
  app.post(
    "/api/integrations/connections/find",
    {
      config: { requires: "read", keepsToOwn: "itself" },
      schema: {
        operationId: "findConnections",
        summary: "Find connections by their webhook URL",
        description:
          "The URL is a credential, so it is in the body and not in a query, which logs keep. Finds connections that are not disconnected, the newest first.",
        tags: [TAGS.integrations],
        security: KEY_OR_SESSION,
        body: FindBody,
        response: {
          200: ConnectionList,
          ...problems(
            "malformed_json",
            "unauthenticated",
            "forbidden",
            "cross_origin",
            "invalid_cursor",
            "body_too_large",
            "unsupported_media_type",
            "validation_failed",
          ),
        },
      },
    },
    async (request) => {
      const { webhook_url, ...paging } = request.body;
      const pageRequest = readPageRequest("connections_by_url", paging);
      const page = await findByUrl(integrations, actorOf(request), webhook_url, pageRequest);
      const at = integrations.now();
      return presentList("connections_by_url", page, (connection) => presentConnection(connection, at));
    },
  );
}
