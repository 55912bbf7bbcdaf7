import { type RawBuilder, sql } from "kysely";

/**
 * A text column as an expression that no index serves, for a condition that is true of most rows: without statistics
 * SQLite may choose its index over the one that finds few.
 */
export function offIndex(column: string): RawBuilder<string> {
  return sql`(${sql.ref(column)} || '')`;
}
