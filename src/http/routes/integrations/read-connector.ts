import { representativeConnection } from "../../../connections/read.ts";
import { webhook } from "../../../connectors/webhook/webhook.ts";
import type { ApiServer } from "../../api-server.ts";
import { callerOf } from "../../authenticate.ts";
import { KEY_OR_SESSION, TAGS } from "../../openapi.ts";
import { ConnectionOrNullAnswer, presentConnection } from "../../schemas/connection.ts";
import { problems } from "../../schemas/shared.ts";
import type { Services } from "../../services.ts";

export function readConnectorRoute(app: ApiServer, { instance: { db, now } }: Services): void {
  app.get(
    "/api/integrations/webhook",
    {
      config: { requires: "read" },
      schema: {
        operationId: "getWebhookConnection",
        summary: "Retrieve the webhook connector connection",
        description: "The newest connection that is not disconnected, else the newest, else null.",
        tags: [TAGS.integrations],
        security: KEY_OR_SESSION,
        response: { 200: ConnectionOrNullAnswer, ...problems("unauthenticated", "forbidden") },
      },
    },
    async (request) => {
      const connection = await representativeConnection(db, callerOf(request).workspaceId, webhook.provider);
      const data = connection === null ? null : presentConnection(connection, now());
      return { object: "integration_connection" as const, data };
    },
  );
}
