import { METADATA_NAME } from "../domain/connection-labels.ts";

const MEMBER = /^metadata\[([^\]]*)\]$/;

/**
 * Gathers the `metadata[key]=value` parameters of a query into one object, as OpenAPI defines it (`style: deepObject`).
 * Malformed names stay in the query and are refused as unknown.
 */
export function withMetadata<Query>(query: Query): Query {
  const pairs = new Map<string, unknown>();
  const rest = new Map<string, unknown>();
  for (const [name, value] of Object.entries(query as Readonly<Record<string, unknown>>)) {
    const key = MEMBER.exec(name)?.[1];
    // Schemas ignore `__proto__`, which would silently drop the filter.
    if (key === undefined || !METADATA_NAME.test(key) || key === "__proto__") rest.set(name, value);
    else pairs.set(key, value);
  }
  if (pairs.size > 0) rest.set("metadata", Object.fromEntries(pairs));
  return Object.fromEntries(rest) as Query;
}
