import { createHash } from "node:crypto";
import { extname } from "node:path";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { BuiltFiles, Part } from "./built-files.ts";
import { BYTES_MIN, type CodingName, chooseCoding, compressOnce } from "./compression.ts";
import { addVary } from "./vary.ts";

const TAG_LENGTH = 22;
const TEXT = "text/plain; charset=utf-8";
const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".woff2": "font/woff2",
};
const COMPRESSED_ALREADY = new Set([".png", ".woff2"]);
const FOR_A_YEAR = `public, max-age=${365 * 24 * 60 * 60}, immutable`;

/** Sends the files of the builds. Names under `assets/` change with their content, so browsers keep those for a year. */
export class FileSender {
  readonly #files: BuiltFiles;
  /** Of what is under `assets/`, so no larger than the builds. */
  readonly #compressed = new Map<string, Promise<Buffer>>();

  constructor(files: BuiltFiles) {
    this.#files = files;
  }

  /**
   * @param file Its place, and headers of its own.
   * @returns Null if there is no such file; then the reply is untouched.
   */
  async send(
    request: FastifyRequest,
    reply: FastifyReply,
    { part, path, headers }: { part: Part; path: string; headers: Readonly<Record<string, string>> },
  ): Promise<FastifyReply | null> {
    const content = await this.#files.read(part, path);
    if (content === null) return null;
    const isAsset = path.startsWith("assets/");
    reply
      .headers(isAsset ? { ...headers, "cache-control": FOR_A_YEAR } : headers)
      .header("etag", weakTag(content))
      .type(TYPES[extname(path)] ?? TEXT);
    if (!isAsset || content.length < BYTES_MIN || COMPRESSED_ALREADY.has(extname(path))) {
      return reply.send(content);
    }
    addVary(reply, "accept-encoding");
    const coding = chooseCoding(request.headers["accept-encoding"]);
    if (coding === null) return reply.send(content);
    return reply
      .header("content-encoding", coding)
      .send(await this.#compress(`${coding} ${part}/${path}`, coding, content));
  }

  #compress(key: string, coding: CodingName, content: Buffer): Promise<Buffer> {
    const known = this.#compressed.get(key);
    if (known !== undefined) return known;
    const compressed = compressOnce(content, coding);
    this.#compressed.set(key, compressed);
    // The next request tries again.
    compressed.catch(() => this.#compressed.delete(key));
    return compressed;
  }
}

/** Weak: the compressed forms have the same tag. */
function weakTag(content: Buffer): string {
  return `W/"${createHash("sha256").update(content).digest("base64url").slice(0, TAG_LENGTH)}"`;
}
