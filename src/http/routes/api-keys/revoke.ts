import { revokeApiKey } from "../../../auth/api-keys.ts";
import type { ApiServer } from "../../api-server.ts";
import { actorOf } from "../../authenticate.ts";
import { KEY_OR_SESSION, TAGS } from "../../openapi.ts";
import { ApiKeyAnswer, presentApiKey } from "../../schemas/api-key.ts";
import { IdParams, problems } from "../../schemas/shared.ts";
import type { Services } from "../../services.ts";

export function revokeApiKeyRoute(app: ApiServer, { access: { apiKeys } }: Services): void {
  app.delete(
    "/api/api-keys/:id",
    {
      config: { requires: "change" },
      schema: {
        operationId: "revokeApiKey",
        summary: "Revoke an API key",
        description: "Takes effect immediately. Repeating it changes nothing.",
        tags: [TAGS.keys],
        security: KEY_OR_SESSION,
        params: IdParams,
        response: {
          200: ApiKeyAnswer,
          ...problems("unauthenticated", "forbidden", "cross_origin", "invalid_id", "not_found"),
        },
      },
    },
    async (request) => {
      const apiKey = await revokeApiKey(apiKeys, actorOf(request), request.params.id);
      return { object: "api_key" as const, data: presentApiKey(apiKey) };
    },
  );
}
