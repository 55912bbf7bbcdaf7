import { METADATA_NAME } from "../domain/connection-labels.ts";

const MEMBER = /^metadata\[([^\]]*)\]$/;

/**
 * A query with `metadata[key]=value` gathered into one object, as OpenAPI writes it (`style: deepObject`). What names no
 * metadata stays as it is, and is refused as unknown.
 */
export function withMetadata<Query>(query: Query): Query {
  const pairs = new Map<string, unknown>();
  const rest = new Map<string, unknown>();
  for (const [name, value] of Object.entries(query as Readonly<Record<string, unknown>>)) {
    const key = MEMBER.exec(name)?.[1];
    // A schema passes over `__proto__`, and the filter with it.
    if (key === undefined || !METADATA_NAME.test(key) || key === "__proto__") rest.set(name, value);
    else pairs.set(key, value);
  }
  if (pairs.size > 0) rest.set("metadata", Object.fromEntries(pairs));
  return Object.fromEntries(rest) as Query;
}
