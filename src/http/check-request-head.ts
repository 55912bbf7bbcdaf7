import type { IncomingMessage } from "node:http";
import { OpenSendError } from "../domain/errors.ts";
import type { ApiServer } from "./api-server.ts";
import { URL_LENGTH_MAX } from "./http-limits.ts";

/** Node keeps the first of several such headers; a proxy in front may have judged the request by another one. */
const SINGLE_HEADERS: ReadonlySet<string> = new Set(["host", "authorization", "content-type"]);
/** A name or an address, and perhaps a port (RFC 9110, 7.2; RFC 3986, 3.2.2). */
const HOST = /^(?:\[[0-9a-f:.]+\]|[\w.~!$&'()*+,;=%-]*)(?::\d{0,5})?$/i;

/** Refuses ambiguous requests before any code acts on one of their readings. */
export function registerRequestHeadChecks(app: ApiServer): void {
  app.addHook("onRequest", (request, _reply, done) => done(findHeadFault(request.raw)));
}

export function findHeadFault({
  url,
  rawHeaders,
  headers,
  httpVersion,
}: HeadOfRequest): OpenSendError | undefined {
  if (url !== undefined && url.length > URL_LENGTH_MAX) return uriTooLong();
  const repeated = findRepeated(rawHeaders);
  if (repeated !== null) {
    return new OpenSendError(
      "invalid_request",
      `The header ${repeated} is given more than once. Send it once.`,
    );
  }
  if (headers.host === undefined) {
    return httpVersion === "1.1"
      ? new OpenSendError("invalid_request", "The request has no Host header, which HTTP/1.1 requires.")
      : undefined;
  }
  if (HOST.test(headers.host)) return undefined;
  return new OpenSendError("invalid_request", "The Host header is no host name or address with a port.");
}

type HeadOfRequest = Pick<IncomingMessage, "url" | "rawHeaders" | "headers" | "httpVersion">;

export function uriTooLong(): OpenSendError {
  return new OpenSendError(
    "uri_too_long",
    "The URL of the request is too long. Send long values in the body, and cursors as they were given.",
  );
}

function findRepeated(rawHeaders: readonly string[]): string | null {
  const seen = new Set<string>();
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]?.toLowerCase() ?? "";
    if (!SINGLE_HEADERS.has(name)) continue;
    if (seen.has(name)) return name;
    seen.add(name);
  }
  return null;
}
