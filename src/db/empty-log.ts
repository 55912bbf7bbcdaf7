import { sql } from "kysely";
import type { Database, Dialect } from "./open.ts";

/**
 * Moves all of SQLite's write-ahead log into the file and empties it, so that what was deleted, which the file overwrites, is in
 * no copy of a page either. Another process that reads right now keeps it from that; the log is then overwritten by later writes.
 */
export async function emptyLog(db: Database, dialect: Dialect): Promise<void> {
  if (dialect === "sqlite") await sql`pragma wal_checkpoint(truncate)`.execute(db);
}
