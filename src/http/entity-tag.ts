import type { FastifyReply } from "fastify";
import { z } from "zod";
import { OpenSendError } from "../domain/errors.ts";

export const IfMatchHeaders = z.looseObject({
  "if-match": z
    .string()
    .max(100)
    .optional()
    .meta({ description: "The ETag the change is based on; refused when stale" }),
});

/** The version as an entity tag (RFC 9110, 8.8.3). */
export function setEntityTag(reply: FastifyReply, { version }: { readonly version: number }): void {
  reply.header("etag", `"${version}"`);
}

/**
 * The version an If-Match header asks for, or null for none or `*` (RFC 9110, 13.1.1).
 *
 * @throws {OpenSendError} `version_conflict` for a tag that this API never gave.
 */
export function readIfMatch(header: string | undefined): number | null {
  if (header === undefined || header.trim() === "*") return null;
  const version = /^(?:W\/)?"(\d{1,15})"$/.exec(header.trim())?.[1];
  if (version !== undefined) return Number(version);
  throw new OpenSendError(
    "version_conflict",
    'If-Match is not an ETag of this API. Pass the ETag of the last answer unchanged, such as "3".',
  );
}
