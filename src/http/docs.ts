import { extname, join } from "node:path";
import type { FastifyReply, FastifyRequest } from "fastify";
import { OpenSendError } from "../domain/errors.ts";
import type { ApiServer } from "./api-server.ts";
import type { BuiltFiles } from "./built-files.ts";
import type { FileSender } from "./file-sender.ts";

/** Pages load scripts, styles and the search index from this origin, and nothing inline. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");
const HEADERS = { "content-security-policy": POLICY, "cache-control": "no-cache" };

/** `/docs`: the documentation as `docs-site/build.ts` writes it, the pages of the error codes among it. */
export function registerDocs(app: ApiServer, files: BuiltFiles, sender: FileSender): void {
  const sendDoc = async (request: FastifyRequest, reply: FastifyReply, requested: string) => {
    const path = extname(requested) === "" ? join(requested, "index.html") : requested;
    const sent = await sender.send(request, reply, { part: "docs", path, headers: HEADERS });
    if (sent === null) throw new OpenSendError("not_found", missingText(files.has("docs")));
    return sent;
  };
  app.get("/docs", { schema: { hide: true } }, async (request, reply) => sendDoc(request, reply, ""));
  app.get<{ Params: { "*": string } }>("/docs/*", { schema: { hide: true } }, async (request, reply) =>
    sendDoc(request, reply, request.params["*"].replace(/\/$/, "")),
  );
}

function missingText(isBuilt: boolean): string {
  return isBuilt
    ? "The documentation has no page at this path. `/docs` has them all, `/docs/errors` every error code."
    : "The documentation was not built. Run `npm run docs:build` and restart.";
}
