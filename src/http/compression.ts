import type { OutgoingHttpHeader } from "node:http";
import { pipeline, type Readable, type Transform } from "node:stream";
import { brotliCompress, constants, createBrotliCompress, createGzip, gzip } from "node:zlib";
import { negotiate } from "@fastify/accept-negotiator";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { ApiServer } from "./api-server.ts";
import { addVary } from "./vary.ts";

/** Below this a response fits into one packet, and compressing it saves no one time. */
const BYTES_MIN = 1400;
/** The highest levels take ten times as long and save a tenth. */
const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } };
const GZIP = { level: 6 };

/** Text, but no stream whose events must leave immediately. Images and fonts are compressed already. */
const COMPRESSIBLE = /^text\/(?!event-stream)|[/+]json\b|^application\/javascript\b|[/+]xml\b/;

type Coding = {
  readonly whole: (bytes: Buffer, done: (error: Error | null, compressed: Buffer) => void) => void;
  readonly stream: () => Transform;
};

/** In the order in which they are preferred. */
const CODINGS: Readonly<Record<string, Coding>> = {
  br: {
    whole: (bytes, done) => brotliCompress(bytes, BROTLI, done),
    stream: () => createBrotliCompress(BROTLI),
  },
  gzip: { whole: (bytes, done) => gzip(bytes, GZIP, done), stream: () => createGzip(GZIP) },
};

/**
 * Compresses what is read: pages, the description of the API, lists, exports. Anyone who chooses a part of a response and sees
 * its compressed length can guess the rest (BREACH). So responses to changes are never compressed: some hold a new
 * key or token beside what the caller sent. The dashboard's files are compressed when they are built.
 */
export function registerCompression(app: ApiServer): void {
  app.addHook("onSend", (request, reply, payload: unknown, done) => {
    if (sizeOf(payload) < BYTES_MIN || !mayCompress(request, reply)) return done(null, payload);
    addVary(reply, "accept-encoding");
    const name = chooseCoding(request.headers["accept-encoding"]);
    const coding = name === null ? undefined : CODINGS[name];
    if (name === null || coding === undefined) return done(null, payload);
    reply.header("content-encoding", name);
    reply.removeHeader("content-length");
    if (typeof payload === "string" || Buffer.isBuffer(payload)) {
      return coding.whole(Buffer.from(payload as string), done);
    }
    // Either of them that ends early ends the other; the reply sees it by the one it sends.
    done(
      null,
      pipeline(payload as Readable, coding.stream(), () => undefined),
    );
  });
}

/** Of a stream no one knows it. */
function sizeOf(payload: unknown): number {
  if (typeof payload === "string" || Buffer.isBuffer(payload)) return Buffer.byteLength(payload);
  return typeof (payload as Readable | null)?.pipe === "function" ? Number.POSITIVE_INFINITY : 0;
}

function mayCompress({ method }: FastifyRequest, reply: FastifyReply): boolean {
  if ((method !== "GET" && method !== "HEAD") || reply.statusCode === 206) return false;
  const headers = reply.getHeaders();
  // A strong tag names these very bytes, and a file of known length has been compressed already or does not need it.
  const isFixed = isStrong(headers["etag"]) || isFile(headers);
  return !isFixed && COMPRESSIBLE.test(String(headers["content-type"] ?? ""));
}

function isStrong(tag: OutgoingHttpHeader | undefined): boolean {
  return typeof tag === "string" && tag.startsWith('"');
}

function isFile(headers: Readonly<Record<string, OutgoingHttpHeader | undefined>>): boolean {
  return headers["content-encoding"] !== undefined || headers["accept-ranges"] !== undefined;
}

/** The coding that the caller likes most (RFC 9110, 12.5.3); null for none. */
export function chooseCoding(accept: string | undefined): string | null {
  if (accept === undefined) return null;
  const wanted = accept.toLowerCase();
  // A name that is excluded is not meant by an asterisk either.
  const offered = Object.keys(CODINGS).filter(
    (name) => !new RegExp(`\\b${name}\\s*;\\s*q\\s*=\\s*0(?:\\.0*)?\\s*(?:,|$)`).test(wanted),
  );
  const chosen = negotiate(wanted, [...offered, "identity"]);
  return chosen === "identity" ? null : chosen;
}
