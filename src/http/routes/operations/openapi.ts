import { readFileSync } from "node:fs";
import type { OpenAPIV3_1 } from "openapi-types";
import type { ApiServer } from "../../api-server.ts";
import type { Services } from "../../services.ts";

/** The API's description (OpenAPI 3.1), which `npm run generate` makes from the routes. */
export function openApiRoute(app: ApiServer, { instance: { settings } }: Services): void {
  let text: string | null = null;
  app.get("/openapi.json", { schema: { hide: true } }, async (_request, reply) => {
    text ??= JSON.stringify(readDescription(settings.openApiFile));
    return reply.type("application/json").send(text);
  });
}

export function readDescription(openApiFile: string): OpenAPIV3_1.Document {
  return JSON.parse(readFileSync(openApiFile, "utf8")) as OpenAPIV3_1.Document;
}
