import type { FastifySchema, onRequestHookHandler } from "fastify";
import { z } from "zod";
import { OpenSendError } from "../domain/errors.ts";
import type { ApiServer } from "./api-server.ts";
import { addHeaders, addProblems } from "./schemas/shared.ts";

const SAFE_METHODS = new Set(["GET", "HEAD", "OPTIONS"]);

/** Comma-separated entity tags, or `*` (RFC 9110, 13.1.1). */
const TAGS = '^\\s*(?:\\*|(?:[\\s,]*(?:W/)?"[^"\\s]*")+[\\s,]*)\\s*$';

const ifMatch = {
  "if-match": z.string().optional().meta({
    pattern: TAGS,
    description:
      "ETags of the versions that the call is for; when another one is current, nothing is done (412)",
  }),
};
const ifNoneMatch = {
  "if-none-match": z
    .string()
    .optional()
    .meta({ pattern: TAGS, description: "ETags that are known already; 304 when one of them is current" }),
};

const refuseIfMatch: onRequestHookHandler = (request, _reply, done) => {
  const header = request.headers["if-match"];
  if (header === undefined || header.trim() === "*") return done();
  const detail = `${request.method} ${request.routeOptions.url} has no ETag that If-Match could name. Nothing was done. Send the request without the header.`;
  done(new OpenSendError("version_conflict", detail));
};

/**
 * A route for an object with an ETag says so with `isVersioned`, which adds the conditional headers to its description.
 * Every other route that can change something refuses If-Match: an object without a tag cannot match one (RFC 9110,
 * 13.1.1), and clients that send the header rely on it.
 */
export function registerVersionedObjects(app: ApiServer): void {
  app.addHook("onRoute", (route) => {
    const { schema, config } = route;
    if (!route.url.startsWith("/api/") || schema === undefined || schema.hide === true) return;
    const isRead = [route.method].flat().every((method) => SAFE_METHODS.has(method));
    if (config?.isVersioned === true) describe(schema, isRead);
    else if (!isRead) {
      schema.response = addProblems(schema.response ?? {}, "version_conflict");
      route.onRequest = [...[route.onRequest ?? []].flat(), refuseIfMatch];
    }
  });
}

function describe(schema: FastifySchema, isRead: boolean): void {
  addHeaders(schema, isRead ? { ...ifMatch, ...ifNoneMatch } : ifMatch);
  const notChanged = isRead ? { 304: z.null().meta({ description: "Not changed" }) } : {};
  schema.response = { ...addProblems(schema.response ?? {}, "version_conflict"), ...notChanged };
}
