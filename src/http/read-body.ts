import { isUtf8 } from "node:buffer";
import type { IncomingMessage } from "node:http";
import type { FastifyRequest } from "fastify";
import { processTurns } from "../db/turns.ts";
import { OpenSendError } from "../domain/errors.ts";
import { describeJsonFault } from "../domain/json/describe-json-fault.ts";
import { findJsonFault } from "../domain/json/find-json-fault.ts";
import type { ApiServer } from "./api-server.ts";
import { partyOf } from "./fair-calls.ts";
import { beginDigest } from "./idempotency.ts";
import { LongBodies, LongBody } from "./long-bodies.ts";
import type { Services } from "./services.ts";

/** A body of so many bytes is read in about a millisecond. */
const SHORT_BYTES_MAX = 64 * 1024;
/** Between two chunks, of 64 KiB at most, while others have sent something within so long. */
const CHUNK_REST_MS = 2;
const OTHERS_WITHIN_MS = 200;

/**
 * Parses JSON bodies ourselves, for three reasons: the parser's own message quotes the text around the fault, which may
 * be a webhook URL; the text is needed to recognise a repeated request; and long bodies of events are read in a thread.
 * An empty body counts as none.
 */
export function registerBodyParser(
  app: ApiServer,
  services: Pick<Services["instance"], "idempotency">,
): void {
  const longBodies = new LongBodies();
  app.decorateRequest("rawBody", "");
  app.decorateRequest("longBody", null);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    /^application\/(?:[a-z0-9.+-]+\+)?json(?:\s*;.*)?$/i,
    async (request: FastifyRequest, payload: IncomingMessage) => {
      const bytesMax = request.routeOptions.bodyLimit ?? 0;
      if (Number(request.headers["content-length"]) > bytesMax) throw tooLarge(bytesMax);
      const { readsRawBody = false } = request.routeOptions.config;
      const begin = () => longBodies.begin(partyOf(request), beginDigest(services, request));
      const rest = (goOn: () => void) => restFor(request.identity?.workspaceId ?? "", goOn);
      const body = await receive(payload, bytesMax, readsRawBody ? { begin, rest } : null);
      if (body instanceof LongBody) {
        request.longBody = body;
        return body;
      }
      const text = decode(body);
      request.rawBody = text;
      if (text.trim() === "") return undefined;
      return readsRawBody ? text : parse(text);
    },
  );
  app.addHook("preValidation", (request, _reply, done) => done(missingBody(request)));
  app.addHook("onClose", () => longBodies.close());
}

/** A fast sender fills every round of the event loop: its body comes in more slowly while other workspaces send. */
function restFor(workspaceId: string, goOn: () => void): void {
  if (processTurns.haveOthersSent(workspaceId, OTHERS_WITHIN_MS)) setTimeout(goOn, CHUNK_REST_MS);
  else setImmediate(goOn);
}

/** Takes a body as it comes. One that turns out to be long goes on to the thread, where that may be begun. */
function receive(
  payload: IncomingMessage,
  bytesMax: number,
  long: { readonly begin: () => LongBody; readonly rest: (goOn: () => void) => void } | null,
): Promise<Buffer | LongBody> {
  return new Promise((resolve, reject) => {
    let received = 0;
    let chunks: Buffer[] = [];
    let longBody: LongBody | null = null;
    const refuse = (error: OpenSendError) => {
      payload.off("data", take);
      longBody?.drop();
      reject(error);
    };
    const take = (chunk: Buffer) => {
      received += chunk.length;
      if (received > bytesMax) return refuse(tooLarge(bytesMax));
      chunks.push(chunk);
      if (long === null || received <= SHORT_BYTES_MAX) return;
      longBody ??= long.begin();
      for (const one of chunks) longBody.append(one);
      chunks = [];
      payload.pause();
      long.rest(() => payload.resume());
    };
    payload.on("data", take);
    payload.once("end", () => resolve(longBody ?? Buffer.concat(chunks, received)));
    payload.once("error", () => refuse(new OpenSendError("invalid_request", "The body ended early.")));
  });
}

function decode(bytes: Buffer): string {
  if (!isUtf8(bytes)) throw new OpenSendError("malformed_json", "The body is not valid UTF-8.");
  return bytes.toString("utf8");
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const faultAt = findJsonFault(text) ?? text.length;
    throw new OpenSendError("malformed_json", describeJsonFault(text, faultAt));
  }
}

function missingBody(request: FastifyRequest): OpenSendError | undefined {
  if (request.body !== undefined && request.body !== null) return undefined;
  if (request.routeOptions.schema?.body === undefined) return undefined;
  return new OpenSendError("malformed_json", "The body is empty. Send the JSON that this call takes.");
}

function tooLarge(bytesMax: number): OpenSendError {
  return new OpenSendError(
    "body_too_large",
    `The body has more than ${bytesMax} bytes, the limit of this call.`,
  );
}
