import { type RawBuilder, type SqlBool, sql } from "kysely";
import { isOfType } from "../statistics/read-rollups.ts";

/** Whether a type is one of these, each an exact type or a prefix such as `order.*`. `*` is every type. */
export function isAnyType(column: RawBuilder<unknown>, patterns: readonly string[]): RawBuilder<SqlBool> {
  if (patterns.includes("*")) return sql`1 = 1`;
  const conditions = patterns.map((pattern) => isOfType(column, pattern));
  return sql`(${sql.join(conditions, sql` or `)})`;
}
