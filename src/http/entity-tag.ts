import type { FastifyReply, FastifyRequest } from "fastify";
import { OpenSendError } from "../domain/errors.ts";
import type { VersionCheck } from "../domain/version-check.ts";

/** The version as an entity tag (RFC 9110, 8.8.3). */
export function setEntityTag(reply: FastifyReply, { version }: { readonly version: number }): void {
  reply.header("etag", tagOf(version));
}

function tagOf(version: number): string {
  return `"${version}"`;
}

/** The value of If-Match or If-None-Match: entity tags, or `*` for any version. */
type EntityTags = readonly string[] | "*";

const TAG = /(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*"/y;

/** Parses a list of entity tags (RFC 9110, 8.8.3 and 5.6.1); null if it is malformed. */
export function parseEntityTags(header: string): EntityTags | null {
  const text = header.trim();
  if (text === "*") return "*";
  const tags: string[] = [];
  // A tag can contain a comma, so the text cannot be split at commas.
  for (let at = 0; at < text.length; ) {
    TAG.lastIndex = at;
    const tag = TAG.exec(text)?.[0];
    if (tag !== undefined) tags.push(tag);
    const separator = /^[ \t]*(?:,|$)[ \t]*/.exec(text.slice(at + (tag?.length ?? 0)))?.[0];
    if (separator === undefined) return null;
    at += (tag?.length ?? 0) + separator.length;
  }
  return tags.length === 0 ? null : tags;
}

/** RFC 9110, 8.8.3.2: a weak tag never matches strongly. */
export function matchesTag(tags: EntityTags, tag: string, comparison: "strong" | "weak"): boolean {
  if (tags === "*") return true;
  if (comparison === "strong") return !tag.startsWith("W/") && tags.includes(tag);
  const opaque = (one: string) => one.replace(/^W\//, "");
  return tags.some((one) => opaque(one) === opaque(tag));
}

/**
 * Returns whether the request may act on a version of the object, by its If-Match and If-None-Match (RFC 9110, 13.1.1
 * and 13.1.2).
 *
 * @throws {OpenSendError} `invalid_request` for a header that contains no entity tags.
 */
export function readVersionCheck({ headers }: Pick<FastifyRequest, "headers">): VersionCheck {
  const wanted = readTags(headers, "if-match");
  const unwanted = readTags(headers, "if-none-match");
  return (version) => {
    if (version === null) return wanted === null;
    return (
      (wanted === null || matchesTag(wanted, tagOf(version), "strong")) &&
      (unwanted === null || !matchesTag(unwanted, tagOf(version), "weak"))
    );
  };
}

function readTags(headers: FastifyRequest["headers"], name: "if-match" | "if-none-match"): EntityTags | null {
  const header = headers[name];
  if (header === undefined) return null;
  const tags = parseEntityTags(header);
  if (tags !== null) return tags;
  throw new OpenSendError(
    "invalid_request",
    `${name} contains no ETag. Pass the ETag of a response unchanged, with its quotation marks, such as "3".`,
  );
}
