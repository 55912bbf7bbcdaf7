import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { OpenAPIV3_1 } from "openapi-types";
import { sessionCookieName } from "../../../auth/session-cookie.ts";
import type { ApiServer } from "../../api-server.ts";
import type { Services } from "../../services.ts";

const TAG_LENGTH = 22;

/** The API's description (OpenAPI 3.1), generated from the routes by `npm run generate`, adapted to this instance. */
export function openApiRoute(app: ApiServer, { instance: { settings } }: Services): void {
  let description: { readonly text: string; readonly tag: string } | null = null;
  app.get("/openapi.json", { schema: { hide: true } }, async (_request, reply) => {
    description ??= withTag(
      JSON.stringify(ofInstance(readDescription(settings.openApiFile), settings.publicUrl)),
    );
    reply.header("etag", description.tag).header("cache-control", "no-cache");
    return reply.type("application/json").send(description.text);
  });
}

/** Weak, since compressed variants share the tag. */
function withTag(text: string): { readonly text: string; readonly tag: string } {
  return { text, tag: `W/"${createHash("sha256").update(text).digest("base64url").slice(0, TAG_LENGTH)}"` };
}

export function readDescription(openApiFile: string): OpenAPIV3_1.Document {
  return JSON.parse(readFileSync(openApiFile, "utf8")) as OpenAPIV3_1.Document;
}

/** Fills in what depends on the public URL: the server's address and the name of its cookie. */
function ofInstance(document: OpenAPIV3_1.Document, publicUrl: string): OpenAPIV3_1.Document {
  const session = { type: "apiKey", in: "cookie", name: sessionCookieName(publicUrl), description: SESSION };
  const securitySchemes = { ...document.components?.securitySchemes, session };
  return {
    ...document,
    servers: [{ url: publicUrl }],
    components: { ...document.components, securitySchemes },
  } as OpenAPIV3_1.Document;
}

const SESSION = "The dashboard's session. Changes need the Origin header of the instance.";
