import { sql } from "kysely";
import type { Store } from "./open.ts";

/** The size of the database on disk, without the write-ahead log. */
export async function databaseBytes({ db, dialect }: Pick<Store, "db" | "dialect">): Promise<number> {
  const query =
    dialect === "sqlite"
      ? sql<{ bytes: number }>`
          select page_count * page_size as bytes from pragma_page_count(), pragma_page_size()`
      : sql<{ bytes: number }>`select pg_database_size(current_database()) as bytes`;
  const { rows } = await query.execute(db);
  return Number(rows[0]?.bytes ?? 0);
}
