import { type RawBuilder, type SqlBool, sql } from "kysely";
import type { Dialect } from "../db/open.ts";

/** Whether an event's data holds a text, as it is or as JSON writes it. */
export function holdsText(dialect: Dialect, text: string): RawBuilder<SqlBool> {
  const escaped = JSON.stringify(text).slice(1, -1);
  const holds = (one: string) =>
    dialect === "sqlite"
      ? sql<SqlBool>`instr(events.data, ${one}) > 0`
      : sql<SqlBool>`strpos(events.data, ${one}) > 0`;
  return escaped === text ? holds(text) : sql`(${holds(text)} or ${holds(escaped)})`;
}
