import type { OutgoingHttpHeader } from "node:http";
import { pipeline, type Readable, type Transform } from "node:stream";
import { promisify } from "node:util";
import { brotliCompress, constants, createBrotliCompress, createGzip, gzip } from "node:zlib";
import { negotiate } from "@fastify/accept-negotiator";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { ApiServer } from "./api-server.ts";
import { addVary } from "./vary.ts";

/** A smaller response fits into one packet, so compressing it saves no time. */
export const BYTES_MIN = 1400;
/** The highest levels take ten times as long and save only a tenth more. */
const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } };
const GZIP = { level: 6 };
/** For content that is compressed once: twice the time of the levels above, and a twentieth smaller. */
const BROTLI_ONCE = { params: { [constants.BROTLI_PARAM_QUALITY]: 7 } };
const GZIP_ONCE = { level: 9 };

/** Text, except streams, whose events must leave immediately. Images and fonts are already compressed. */
const COMPRESSIBLE = /^text\/(?!event-stream)|[/+]json\b|^application\/javascript\b|[/+]xml\b/;

export type CodingName = "br" | "gzip";
type Coding = {
  readonly whole: (bytes: Buffer, done: (error: Error | null, compressed: Buffer) => void) => void;
  readonly stream: () => Transform;
};

/** In order of preference. */
const CODINGS: Readonly<Record<CodingName, Coding>> = {
  br: {
    whole: (bytes, done) => brotliCompress(bytes, BROTLI, done),
    stream: () => createBrotliCompress(BROTLI),
  },
  gzip: { whole: (bytes, done) => gzip(bytes, GZIP, done), stream: () => createGzip(GZIP) },
};

/**
 * Compresses reads: pages, the API description, lists, exports. Anyone who controls part of a response and sees its
 * compressed length can guess the rest (BREACH), so responses to changes, which can contain a new key or token next to
 * the caller's input, are never compressed.
 */
export function registerCompression(app: ApiServer): void {
  app.addHook("onSend", (request, reply, payload: unknown, done) => {
    if (sizeOf(payload) < BYTES_MIN || !mayCompress(request, reply)) return done(null, payload);
    addVary(reply, "accept-encoding");
    const name = chooseCoding(request.headers["accept-encoding"]);
    if (name === null) return done(null, payload);
    const coding = CODINGS[name];
    reply.header("content-encoding", name);
    reply.removeHeader("content-length");
    if (typeof payload === "string" || Buffer.isBuffer(payload)) {
      return coding.whole(Buffer.from(payload as string), done);
    }
    // If either stream ends early, the pipeline ends the other, and the reply notices through the stream it sends.
    done(
      null,
      pipeline(payload as Readable, coding.stream(), () => undefined),
    );
  });
}

/** A stream's size is unknown. */
function sizeOf(payload: unknown): number {
  if (typeof payload === "string" || Buffer.isBuffer(payload)) return Buffer.byteLength(payload);
  return typeof (payload as Readable | null)?.pipe === "function" ? Number.POSITIVE_INFINITY : 0;
}

function mayCompress({ method }: FastifyRequest, reply: FastifyReply): boolean {
  if ((method !== "GET" && method !== "HEAD") || reply.statusCode === 206) return false;
  const headers = reply.getHeaders();
  // A strong tag identifies exact bytes.
  const isFixed = isStrong(headers["etag"]) || headers["content-encoding"] !== undefined;
  return !isFixed && COMPRESSIBLE.test(String(headers["content-type"] ?? ""));
}

function isStrong(tag: OutgoingHttpHeader | undefined): boolean {
  return typeof tag === "string" && tag.startsWith('"');
}

/** The coding that the caller prefers (RFC 9110, 12.5.3); null for none. */
export function chooseCoding(accept: string | undefined): CodingName | null {
  if (accept === undefined) return null;
  const wanted = accept.toLowerCase();
  // An asterisk does not include codings that are explicitly excluded.
  const offered = (Object.keys(CODINGS) as CodingName[]).filter(
    (name) => !new RegExp(`\\b${name}\\s*;\\s*q\\s*=\\s*0(?:\\.0*)?\\s*(?:,|$)`).test(wanted),
  );
  const chosen = negotiate(wanted, [...offered, "identity"]);
  return chosen === "br" || chosen === "gzip" ? chosen : null;
}

const brotli = promisify(brotliCompress);
const gzipped = promisify(gzip);

/** Compresses what is kept and sent many times. */
export function compressOnce(bytes: Buffer, coding: CodingName): Promise<Buffer> {
  return coding === "br" ? brotli(bytes, BROTLI_ONCE) : gzipped(bytes, GZIP_ONCE);
}
