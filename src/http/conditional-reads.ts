import { Readable } from "node:stream";
import type { ApiServer } from "./api-server.ts";
import { holdsTag, parseEntityTags } from "./entity-tag.ts";

/** Headers of a 304 (RFC 9110, 15.4.5) are those of the 200 but for these, which describe its content. */
const OF_CONTENT = ["content-type", "content-length", "content-encoding"];

/** Answers 304 instead of what the caller has already, wherever a response has an entity tag (RFC 9110, 13.1.2). */
export function registerConditionalReads(app: ApiServer): void {
  app.addHook("onSend", (request, reply, payload, done) => {
    const known = request.headers["if-none-match"];
    const tag = reply.getHeader("etag");
    if (known === undefined || typeof tag !== "string" || reply.statusCode !== 200)
      return done(null, payload);
    if (request.method !== "GET" && request.method !== "HEAD") return done(null, payload);
    const tags = parseEntityTags(known);
    if (tags === null || !holdsTag(tags, tag, "weak")) return done(null, payload);
    for (const name of OF_CONTENT) reply.removeHeader(name);
    reply.code(304);
    // Fastify's own hook for HEAD, which comes after this one, takes no null.
    done(null, request.method === "HEAD" ? Readable.from([]) : null);
  });
}
