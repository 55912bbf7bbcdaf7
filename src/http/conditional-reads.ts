import { Readable } from "node:stream";
import { OpenSendError } from "../domain/errors.ts";
import type { ApiServer } from "./api-server.ts";
import { matchesTag, parseEntityTags } from "./entity-tag.ts";

/** A 304 has the headers of the 200 (RFC 9110, 15.4.5) except these, which describe its content. */
const OF_CONTENT = ["content-type", "content-length", "content-encoding"];

/**
 * Evaluates conditions on every GET or HEAD response with an entity tag (RFC 9110, 13.2.2): 412 if If-Match names only
 * other tags, 304 if If-None-Match names this one.
 */
export function registerConditionalReads(app: ApiServer): void {
  app.addHook("onSend", (request, reply, payload, done) => {
    const tag = reply.getHeader("etag");
    const isRead = request.method === "GET" || request.method === "HEAD";
    if (typeof tag !== "string" || reply.statusCode !== 200 || !isRead) return done(null, payload);
    const { "if-match": wanted, "if-none-match": known } = request.headers;
    if (wanted !== undefined && !matchesTag(parseEntityTags(wanted) ?? [], tag, "strong")) {
      reply.removeHeader("etag");
      return done(new OpenSendError("version_conflict", "If-Match does not name the current ETag."));
    }
    if (known === undefined || !matchesTag(parseEntityTags(known) ?? [], tag, "weak"))
      return done(null, payload);
    for (const name of OF_CONTENT) reply.removeHeader(name);
    reply.code(304);
    // Fastify's own hook for HEAD, which runs after this one, does not accept null.
    done(null, request.method === "HEAD" ? Readable.from([]) : null);
  });
}
