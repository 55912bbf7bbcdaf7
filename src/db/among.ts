import { type Expression, type RawBuilder, type SqlBool, sql } from "kysely";
import type { Dialect } from "./open.ts";

/** Whether a text is one of many. The SQL is the same for any number of them, so it stays compiled. */
export function isAmong(
  dialect: Dialect,
  text: Expression<string>,
  values: readonly string[],
): RawBuilder<SqlBool> {
  return dialect === "sqlite"
    ? sql`${text} in (select value from json_each(${JSON.stringify(values)}))`
    : sql`${text} = any(${[...values]}::text[])`;
}
