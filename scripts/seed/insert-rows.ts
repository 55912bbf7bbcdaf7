import type { Insertable } from "kysely";
import type { Database } from "../../src/db/open.ts";
import type { Schema } from "../../src/db/schema.ts";

/** SQLite allows about 30,000 values in a statement. */
const VALUES_MAX = 30_000;

/** Inserts any number of rows. */
export async function insertRowsOf<Table extends keyof Schema>(
  db: Database,
  table: Table,
  rows: readonly Insertable<Schema[Table]>[],
): Promise<void> {
  const rowsMax = Math.floor(VALUES_MAX / Math.max(1, Object.keys(rows[0] ?? {}).length));
  for (let at = 0; at < rows.length; at += rowsMax)
    await db
      .insertInto(table)
      .values(rows.slice(at, at + rowsMax))
      .execute();
}
