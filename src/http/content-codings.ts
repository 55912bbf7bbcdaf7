import type { IncomingMessage } from "node:http";
import type { Transform } from "node:stream";
import { createGunzip, createInflate } from "node:zlib";
import { OpenSendError } from "../domain/errors.ts";
import type { ApiServer } from "./api-server.ts";
import { bodyTooLarge } from "./problem.ts";

/**
 * Decompressors by coding. Their windows have 32 KiB; Brotli and Zstandard have windows of many MiB, which a sender
 * could make the server allocate with a few bytes.
 */
const CODINGS: Readonly<Record<string, () => Transform>> = {
  gzip: createGunzip,
  "x-gzip": createGunzip,
  deflate: createInflate,
};
const SUPPORTED = "gzip, deflate";

/**
 * Decompresses bodies as they arrive (RFC 9110, 8.4). The reader counts the output and stops at the call's limit, so a
 * decompression bomb costs no more than a body of the largest size; the input has the same limit.
 */
export function registerContentCodings(app: ApiServer): void {
  app.addHook("preParsing", (request, reply, payload, done) => {
    const codings = readCodings(request.headers["content-encoding"]);
    if (codings.length === 0 || !hasBody(request.raw)) return done(null, payload);
    const unpack = codings.length === 1 ? CODINGS[codings[0] ?? ""] : undefined;
    if (unpack === undefined) {
      reply.header("accept-encoding", SUPPORTED);
      return done(unsupported(codings));
    }
    done(null, unpackBody(payload as IncomingMessage, unpack(), request.routeOptions.bodyLimit ?? 0));
  });
}

export function readCodings(header: string | undefined): readonly string[] {
  const names = (header ?? "").split(",").map((name) => name.trim().toLowerCase());
  return names.filter((name) => name !== "" && name !== "identity");
}

/** RFC 9112, section 6. */
function hasBody({ headers }: IncomingMessage): boolean {
  return headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;
}

function unpackBody(packed: IncomingMessage, unpacker: Transform, bytesMax: number): Transform {
  let received = 0;
  packed.on("data", (chunk: Buffer) => {
    received += chunk.length;
    if (received > bytesMax) unpacker.destroy(bodyTooLarge(bytesMax));
  });
  packed.once("close", () => {
    if (!packed.complete) unpacker.destroy(new Error("the body ended early"));
  });
  // A request that is refused before its body is read leaves the stream without a listener.
  unpacker.on("error", () => undefined);
  // Discards the unread input, so that the response can be sent on the same connection.
  unpacker.once("close", () => {
    packed.unpipe(unpacker);
    packed.resume();
  });
  return packed.pipe(unpacker);
}

function unsupported(codings: readonly string[]): OpenSendError {
  const named = codings.length === 1 && /^[\w-]{1,40}$/.test(codings[0] ?? "") ? ` \`${codings[0]}\`` : "";
  return new OpenSendError(
    "unsupported_media_type",
    codings.length > 1
      ? `Content-Encoding names ${codings.length} codings. Pack the body once, with one of: ${SUPPORTED}.`
      : `The Content-Encoding${named} is not supported. Send the body as it is, or with one of: ${SUPPORTED}.`,
  );
}
