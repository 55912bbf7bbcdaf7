import { z } from "zod";
import { listApiKeys } from "../../../auth/api-keys.ts";
import type { ApiServer } from "../../api-server.ts";
import { callerOf } from "../../authenticate.ts";
import { presentList, readPageRequest } from "../../cursor.ts";
import { KEY_OR_SESSION, TAGS } from "../../openapi.ts";
import { ApiKeyList, presentApiKey } from "../../schemas/api-key.ts";
import { pageQuery, problems } from "../../schemas/shared.ts";
import type { Services } from "../../services.ts";

export function listApiKeysRoute(app: ApiServer, { instance: { db } }: Services): void {
  app.get(
    "/api/api-keys",
    {
      config: { requires: "read" },
      schema: {
        operationId: "listApiKeys",
        summary: "List API keys, newest first",
        tags: [TAGS.keys],
        security: KEY_OR_SESSION,
        querystring: z.strictObject(pageQuery),
        response: {
          200: ApiKeyList,
          ...problems("unauthenticated", "forbidden", "invalid_cursor", "validation_failed"),
        },
      },
    },
    async (request) => {
      const pageRequest = readPageRequest("api_keys", request.query);
      const page = await listApiKeys(db, callerOf(request).workspaceId, pageRequest);
      return presentList("api_keys", page, presentApiKey);
    },
  );
}
