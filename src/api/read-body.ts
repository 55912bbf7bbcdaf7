import type { FastifyRequest } from "fastify";
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
    { parseAs: "string" },
    (request, body, done) => {
      const text = body as string;
      request.rawBody = text;
      if (text.trim() === "") return done(null, undefined);
      try {
        done(null, parse(text));
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
    throw new OpenSendError("malformed_json", `The body is not valid JSON: ${describeFault(text)}.`);
  }
}

function describeFault(text: string): string {
  const fault = findJsonFault(text) ?? text.length;
  if (fault === text.length) return "it ends too early";
  const lines = text.slice(0, fault).split("\n");
  return `parsing stopped at line ${lines.length}, column ${(lines.at(-1) ?? "").length + 1}`;
}

function requireBody(request: FastifyRequest): void {
  const takesBody = request.routeOptions.schema?.body !== undefined;
  if (takesBody && (request.body === undefined || request.body === null)) {
    throw new OpenSendError("malformed_json", "The body is empty. Send a JSON object.");
  }
}
