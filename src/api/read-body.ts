import { isUtf8 } from "node:buffer";
import type { FastifyRequest } from "fastify";
import { describeJsonFault } from "../core/describe-json-fault.ts";
import { OpenSendError } from "../core/errors.ts";
import { findJsonFault } from "../core/find-json-fault.ts";
import type { ApiServer } from "./api-server.ts";

/**
 * Parses JSON bodies ourselves, for two reasons: the parser's own message quotes the text around the fault, which may
 * be a webhook URL, and the text is needed to recognise a repeated request. An empty body counts as none.
 */
export function registerBodyParser(app: ApiServer): void {
  app.decorateRequest("rawBody", "");
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    /^application\/(?:[a-z0-9.+-]+\+)?json(?:\s*;.*)?$/i,
    { parseAs: "buffer" },
    (request, body, done) => {
      if (!isUtf8(body as Buffer)) {
        return done(new OpenSendError("malformed_json", "The body is not valid UTF-8."));
      }
      const text = (body as Buffer).toString("utf8");
      request.rawBody = text;
      if (text.trim() === "") return done(null, undefined);
      try {
        done(null, request.routeOptions.config.readsRawBody === true ? text : parse(text));
      } catch (error) {
        done(error as Error);
      }
    },
  );
  app.addHook("preValidation", async (request) => requireBody(request));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const faultAt = findJsonFault(text) ?? text.length;
    throw new OpenSendError("malformed_json", describeJsonFault(text, faultAt));
  }
}

function requireBody(request: FastifyRequest): void {
  const takesBody = request.routeOptions.schema?.body !== undefined;
  if (takesBody && (request.body === undefined || request.body === null)) {
    throw new OpenSendError("malformed_json", "The body is empty. Send the JSON that this call takes.");
  }
}
