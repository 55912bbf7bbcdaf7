import { createApiKey } from "../../../auth/api-keys.ts";
import type { ApiServer } from "../../api-server.ts";
import { actorOf } from "../../authenticate.ts";
import { KEY_OR_SESSION, TAGS } from "../../openapi.ts";
import { CreateApiKeyBody, CreatedApiKeyAnswer, presentApiKey } from "../../schemas/api-key.ts";
import { problems } from "../../schemas/shared.ts";
import type { Services } from "../../services.ts";

export function createApiKeyRoute(app: ApiServer, { access: { apiKeys } }: Services): void {
  app.post(
    "/api/api-keys",
    {
      config: { requires: "change" },
      schema: {
        operationId: "createApiKey",
        summary: "Create an API key",
        description: "The response is the only place that shows the key; only its hash is stored.",
        tags: [TAGS.keys],
        security: KEY_OR_SESSION,
        body: CreateApiKeyBody,
        response: {
          201: CreatedApiKeyAnswer,
          ...problems(
            "malformed_json",
            "unauthenticated",
            "forbidden",
            "cross_origin",
            "not_found",
            "body_too_large",
            "unsupported_media_type",
            "validation_failed",
          ),
        },
      },
    },
    async (request, reply) => {
      const { name, access, expires_at, event_types: eventTypes = null, replaces = null } = request.body;
      const expiresAt = expires_at === undefined || expires_at === null ? null : Date.parse(expires_at);
      const { apiKey, key } = await createApiKey(apiKeys, actorOf(request), {
        name,
        access,
        expiresAt,
        eventTypes,
        replaces,
      });
      reply.header("location", `/api/api-keys/${apiKey.id}`);
      return reply.code(201).send({ object: "api_key" as const, data: presentApiKey(apiKey), key });
    },
  );
}
