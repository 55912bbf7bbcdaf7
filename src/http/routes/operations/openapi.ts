import type { OpenAPIV3_1 } from "openapi-types";
import type { ApiServer } from "../../api-server.ts";
import { describeSessions, tidySchemas } from "../../openapi.ts";

/** The API's description (OpenAPI 3.1), made once from the routes. */
export function openApiRoute(app: ApiServer): void {
  let text: string | null = null;
  app.get("/openapi.json", { schema: { hide: true } }, async (_request, reply) => {
    text ??= JSON.stringify(readDescription(app));
    return reply.type("application/json").send(text);
  });
}

export function readDescription(app: ApiServer): OpenAPIV3_1.Document {
  return describeSessions(tidySchemas(app.swagger() as OpenAPIV3_1.Document));
}
