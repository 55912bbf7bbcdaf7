import { type RawBuilder, sql } from "kysely";

/**
 * A text column as an expression, which no index serves. For a condition that is true of far too many rows to find any by:
 * without statistics SQLite may choose its index before the one that finds a few.
 */
export function offIndex(column: string): RawBuilder<string> {
  return sql`(${sql.ref(column)} || '')`;
}
