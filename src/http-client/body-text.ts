import type { Transform } from "node:stream";
import { TextDecoder } from "node:util";
import zlib from "node:zlib";

/** A body as readable text, and whether its end is missing. */
export type BodyText = { readonly text: string; readonly truncated: boolean };

type Headers = Readonly<Record<string, string>>;

/** More nested codings than this are a decompression bomb, not a page. */
const CODINGS_MAX = 4;

const DECODERS: Readonly<Record<string, (first: Buffer) => Transform>> = {
  gzip: () => zlib.createGunzip(PARTIAL),
  "x-gzip": () => zlib.createGunzip(PARTIAL),
  deflate: (first) => (isZlib(first) ? zlib.createInflate(PARTIAL) : zlib.createInflateRaw(PARTIAL)),
  br: () => zlib.createBrotliDecompress({ finishFlush: zlib.constants.BROTLI_OPERATION_FLUSH }),
  zstd: () => zlib.createZstdDecompress({ finishFlush: zlib.constants.ZSTD_e_flush }),
};
/** Decodes an incomplete body as far as possible. */
const PARTIAL = { finishFlush: zlib.constants.Z_SYNC_FLUSH };

/** The codings of a body, in the order in which they were applied (RFC 9110, section 8.4). */
export function contentCodings(headers: Headers): string[] {
  // A transfer coding is applied last (RFC 9112, section 6.1).
  return [headers["content-encoding"], headers["transfer-encoding"]]
    .flatMap((header) => (header ?? "").toLowerCase().split(","))
    .map((coding) => coding.trim())
    .filter((coding) => coding !== "" && coding !== "identity" && coding !== "chunked");
}

/**
 * Removes the codings, producing up to `bytesMax`, so that a decompression bomb costs no more than an ordinary body.
 * Null for unknown codings, or if nothing can be decoded.
 */
export async function decodeContent(
  bytes: Buffer,
  codings: readonly string[],
  bytesMax: number,
): Promise<{ readonly bytes: Buffer; readonly isCut: boolean } | null> {
  if (codings.length > CODINGS_MAX) return null;
  let decoded = { bytes, isCut: false };
  for (const coding of codings.toReversed()) {
    const decoder = DECODERS[coding];
    if (decoder === undefined) return null;
    const next = await runDecoder(decoder(decoded.bytes), decoded.bytes, bytesMax);
    if (next.bytes.length === 0 && decoded.bytes.length > 0 && next.isCut) return null;
    decoded = { bytes: next.bytes, isCut: decoded.isCut || next.isCut };
  }
  return decoded;
}

/** Decodes bytes until the limit is reached or they become invalid. */
function runDecoder(decoder: Transform, bytes: Buffer, bytesMax: number) {
  return new Promise<{ readonly bytes: Buffer; readonly isCut: boolean }>((resolve) => {
    const pieces: Buffer[] = [];
    let length = 0;
    const end = (isCut: boolean) => {
      decoder.destroy();
      resolve({ bytes: Buffer.concat(pieces).subarray(0, bytesMax), isCut });
    };
    decoder.on("data", (piece: Buffer) => {
      pieces.push(piece);
      length += piece.length;
      if (length > bytesMax) end(true);
    });
    decoder.on("end", () => end(false));
    decoder.on("error", () => end(true));
    decoder.end(bytes);
  });
}

/** Tells zlib (RFC 1950) from bare deflate (RFC 1951), which some servers send under the same name. */
function isZlib(bytes: Buffer): boolean {
  const [method = 0, flags = 0] = bytes;
  return (method & 0x0f) === 8 && (method * 256 + flags) % 31 === 0;
}

const BYTE_ORDER_MARKS: readonly (readonly [charset: string, mark: readonly number[]])[] = [
  ["utf-8", [0xef, 0xbb, 0xbf]],
  ["utf-16be", [0xfe, 0xff]],
  ["utf-16le", [0xff, 0xfe]],
];

/**
 * Decodes bytes in the charset of their byte order mark, else of the Content-Type, else UTF-8 (WHATWG Encoding,
 * "decode").
 */
export function decodeText(bytes: Buffer, contentType: string | undefined): string {
  const marked = BYTE_ORDER_MARKS.find(([, mark]) => mark.every((byte, index) => bytes[index] === byte));
  const charset = marked?.[0] ?? charsetOf(contentType);
  if (marked === undefined && charset === "utf-8") return bytes.toString("utf8");
  return decoderFor(charset).decode(bytes);
}

function charsetOf(contentType: string | undefined): string {
  return /;\s*charset\s*=\s*"?([^\s";,]+)/i.exec(contentType ?? "")?.[1]?.toLowerCase() ?? "utf-8";
}

function decoderFor(charset: string): TextDecoder {
  try {
    return new TextDecoder(charset);
  } catch {
    return new TextDecoder();
  }
}
