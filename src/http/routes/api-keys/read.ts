import { getApiKey } from "../../../auth/api-keys.ts";
import type { ApiServer } from "../../api-server.ts";
import { callerOf } from "../../authenticate.ts";
import { KEY_OR_SESSION, TAGS } from "../../openapi.ts";
import { ApiKeyAnswer, presentApiKey } from "../../schemas/api-key.ts";
import { IdParams, problems } from "../../schemas/shared.ts";
import type { Services } from "../../services.ts";

export function readApiKeyRoute(app: ApiServer, { instance: { db } }: Services): void {
  app.get(
    "/api/api-keys/:id",
    {
      config: { requires: "read" },
      schema: {
        operationId: "getApiKey",
        summary: "Retrieve an API key",
        description: "Never returns the key itself.",
        tags: [TAGS.keys],
        security: KEY_OR_SESSION,
        params: IdParams,
        response: {
          200: ApiKeyAnswer,
          ...problems("unauthenticated", "forbidden", "invalid_id", "not_found"),
        },
      },
    },
    async (request) => {
      const apiKey = await getApiKey(db, callerOf(request).workspaceId, request.params.id);
      return { object: "api_key" as const, data: presentApiKey(apiKey) };
    },
  );
}
