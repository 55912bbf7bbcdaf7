import { sql } from "kysely";
import type { Database, Dialect } from "./open.ts";

/**
 * Moves SQLite's write-ahead log into the file and empties it, so that no copy of a page is left with deleted data,
 * which the file itself overwrites. While another process reads, the log is not emptied; later writes overwrite it.
 */
export async function emptyLog(db: Database, dialect: Dialect): Promise<void> {
  if (dialect === "sqlite") await sql`pragma wal_checkpoint(truncate)`.execute(db);
}
