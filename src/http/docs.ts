import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { extname, join } from "node:path";
import type { FastifyReply } from "fastify";
import { OpenSendError } from "../domain/errors.ts";
import type { ApiServer } from "./api-server.ts";

const TAG_LENGTH = 22;
const ONE_YEAR_S = 365 * 24 * 60 * 60;

/** Pages load scripts, styles and the search index from this origin, and nothing inline. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

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

/** File names of the site never begin with a dot, so no path leads out of the folder. */
const PATH = /^(?:[\w-][\w.-]*\/)*[\w-][\w.-]*$/;

/** `/docs`: the documentation that `docs-site/build.ts` writes, including the pages of the error codes. */
export function registerDocs(app: ApiServer, docsDir: string | null): void {
  app.get("/docs", { schema: { hide: true } }, async (_request, reply) => sendDoc(reply, docsDir, ""));
  app.get<{ Params: { "*": string } }>("/docs/*", { schema: { hide: true } }, async (request, reply) =>
    sendDoc(reply, docsDir, request.params["*"].replace(/\/$/, "")),
  );
}

async function sendDoc(reply: FastifyReply, docsDir: string | null, path: string): Promise<FastifyReply> {
  const file = extname(path) === "" ? join(path, "index.html") : path;
  const content = docsDir === null || !PATH.test(file) ? null : await readOrNull(join(docsDir, file));
  if (content === null) throw new OpenSendError("not_found", missingText(docsDir));
  const isHashed = file.startsWith("assets/");
  return reply
    .header("content-security-policy", POLICY)
    .header("cache-control", isHashed ? `public, max-age=${ONE_YEAR_S}, immutable` : "no-cache")
    .header("etag", weakTag(content))
    .type(TYPES[extname(file)] ?? TEXT)
    .send(content);
}

function missingText(docsDir: string | null): string {
  return docsDir === null
    ? "The documentation was not built. Run `npm run docs:build` and restart."
    : "The documentation has no page at this path. `/docs` has them all, `/docs/errors` every error code.";
}

async function readOrNull(path: string): Promise<Buffer | null> {
  try {
    return await readFile(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR" || code === "EISDIR") return null;
    throw error;
  }
}

/** Weak, since compressed variants share the tag. */
function weakTag(content: Buffer): string {
  return `W/"${createHash("sha256").update(content).digest("base64url").slice(0, TAG_LENGTH)}"`;
}
