import type { Readable } from "node:stream";
import type { FastifyRequest } from "fastify";
import { processTurns } from "../db/turns.ts";
import { OpenSendError } from "../domain/errors.ts";
import { describeJsonFault } from "../domain/json/describe-json-fault.ts";
import { findJsonFault } from "../domain/json/find-json-fault.ts";
import { type ScanLimits, scanJson } from "../domain/json/scan-json.ts";
import { REPEATED_NAME } from "../domain/read-event.ts";
import type { ApiServer } from "./api-server.ts";
import { readCodings, registerContentCodings } from "./content-codings.ts";
import { decodeBody, requireUtf8 } from "./decode-body.ts";
import { partyOf } from "./fair-calls.ts";
import { beginDigest } from "./idempotency.ts";
import { LongBodies, LongBody } from "./long-bodies.ts";
import { bodyTooLarge } from "./problem.ts";
import { addProblems } from "./schemas/shared.ts";
import type { Services } from "./services.ts";

/** Bodies are parsed on every method that can have one, even if the call needs none. */
const BODY_PROBLEMS = [
  "malformed_json",
  "body_too_large",
  "unsupported_media_type",
  "validation_failed",
] as const;
/** Parsing a body of this size takes about a millisecond. */
const SHORT_BYTES_MAX = 64 * 1024;
/** Pause between two chunks (64 KiB at most) while other workspaces have sent something within `OTHERS_WITHIN_MS`. */
const CHUNK_PAUSE_MS = 2;
const OTHERS_WITHIN_MS = 200;

/**
 * Parses JSON bodies without Fastify's parser, for three reasons: its message quotes the text around the fault, which
 * can be a webhook URL; the text is needed to recognize a repeated request; and long bodies of events are parsed in a
 * thread. An empty body counts as none.
 */
export function registerBodyParser(
  app: ApiServer,
  services: Pick<Services["instance"], "idempotency">,
): void {
  const longBodies = new LongBodies();
  app.decorateRequest("rawBody", "");
  app.decorateRequest("bodyBytes", 0);
  app.decorateRequest("longBody", null);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    /^application\/(?:[a-z0-9.+-]+\+)?json(?:\s*;.*)?$/i,
    async (request: FastifyRequest, payload: Readable) => {
      requireUtf8(request.headers["content-type"] ?? "");
      const bytesMax = request.routeOptions.bodyLimit ?? 0;
      if (Number(request.headers["content-length"]) > bytesMax) throw bodyTooLarge(bytesMax);
      const { readsRawBody = false } = request.routeOptions.config;
      const begin = () => longBodies.begin(partyOf(request), beginDigest(services, request));
      const pause = (resume: () => void) => pauseFor(request.identity?.workspaceId ?? "", resume);
      const body = await receive(request, payload, readsRawBody ? { begin, pause } : null);
      if (body instanceof LongBody) {
        request.longBody = body;
        return body;
      }
      const text = decodeBody(body);
      request.rawBody = text;
      if (text.trim() === "") return undefined;
      return readsRawBody ? text : parse(text);
    },
  );
  app.addHook("onRoute", ({ method, schema, url }) => {
    const isRead = [method].flat().every((one) => one === "GET" || one === "HEAD");
    if (isRead || schema === undefined || !url.startsWith("/api/")) return;
    schema.response = addProblems(schema.response ?? {}, ...BODY_PROBLEMS);
  });
  registerContentCodings(app);
  app.addHook("preValidation", (request, _reply, done) => done(missingBody(request)));
  app.addHook("onClose", () => longBodies.close());
}

/** A fast sender fills every turn of the event loop, so its body is read more slowly while other workspaces send. */
function pauseFor(workspaceId: string, resume: () => void): void {
  if (processTurns.haveOthersSent(workspaceId, OTHERS_WITHIN_MS)) setTimeout(resume, CHUNK_PAUSE_MS);
  else setImmediate(resume);
}

/** Receives a body. If it proves long, and the route allows it, its chunks go to the thread. */
function receive(
  request: FastifyRequest,
  payload: Readable,
  long: { readonly begin: () => LongBody; readonly pause: (resume: () => void) => void } | null,
): Promise<Buffer | LongBody> {
  return new Promise((resolve, reject) => {
    const bytesMax = request.routeOptions.bodyLimit ?? 0;
    let chunks: Buffer[] = [];
    let longBody: LongBody | null = null;
    const refuse = (error: OpenSendError) => {
      payload.off("data", take);
      // The connection stays open for the response; only a decompressor is destroyed.
      if (payload !== request.raw) payload.destroy();
      longBody?.drop();
      reject(error);
    };
    const take = (chunk: Buffer) => {
      request.bodyBytes += chunk.length;
      if (request.bodyBytes > bytesMax) return refuse(bodyTooLarge(bytesMax));
      chunks.push(chunk);
      if (long === null || request.bodyBytes <= SHORT_BYTES_MAX) return;
      longBody ??= long.begin();
      for (const one of chunks) longBody.append(one);
      chunks = [];
      payload.pause();
      long.pause(() => payload.resume());
    };
    payload.on("data", take);
    payload.once("end", () => resolve(longBody ?? Buffer.concat(chunks, request.bodyBytes)));
    payload.on("error", (error) => refuse(error instanceof OpenSendError ? error : unreadable(request)));
    // A caller that left before anyone read causes no error event.
    payload.once("close", () => payload.readableEnded || refuse(unreadable(request)));
    if (payload.destroyed) refuse(unreadable(request));
  });
}

function unreadable({ raw, headers }: FastifyRequest): OpenSendError {
  const isPacked = raw.complete && readCodings(headers["content-encoding"]).length > 0;
  return new OpenSendError(
    "invalid_request",
    isPacked ? "The body is not what its Content-Encoding says, or is cut off." : "The body ended early.",
  );
}

/** The body was received within its limit; this scan only looks for syntax faults and repeated names. */
const NO_LIMITS: ScanLimits = {
  bytesMax: Number.POSITIVE_INFINITY,
  levelsMax: Number.POSITIVE_INFINITY,
  membersMax: Number.POSITIVE_INFINITY,
  namesOfObjectMax: Number.POSITIVE_INFINITY,
  namesMax: Number.POSITIVE_INFINITY,
};

function parse(text: string): unknown {
  const value = parseJson(text);
  const repeated = findRepeatedNames(text);
  if (repeated.length === 0) return value;
  const list = repeated.map((path) => `\`${path}\``).join(", ");
  throw new OpenSendError(
    "validation_failed",
    `Not valid: ${list}. \`errors\` says why. Nothing was changed.`,
    { fields: repeated.map((path) => ({ path, message: REPEATED_NAME })) },
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const faultAt = findJsonFault(text) ?? text.length;
    throw new OpenSendError("malformed_json", describeJsonFault(text, faultAt));
  }
}

/** Parsers disagree about which of several members with the same name to keep (RFC 8259, section 4). */
function findRepeatedNames(text: string): readonly string[] {
  const scanned = scanJson(text, NO_LIMITS);
  return scanned.faultAt === null && scanned.excess === null ? [...new Set(scanned.duplicates)] : [];
}

function missingBody(request: FastifyRequest): OpenSendError | undefined {
  if (request.body !== undefined) return undefined;
  if (request.routeOptions.schema?.body === undefined) return undefined;
  return new OpenSendError("malformed_json", "The body is empty. Send the JSON that this call takes.");
}
