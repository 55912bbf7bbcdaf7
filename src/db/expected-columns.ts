import { DatabaseSync } from "node:sqlite";
import { COLUMN_TYPES, MIGRATIONS_TABLE } from "./migrate.ts";
import { MIGRATIONS } from "./migrations/index.ts";

/** The columns of each table, by the table's name. */
export type Columns = ReadonlyMap<string, readonly string[]>;

/**
 * Every table and column of this version, read from an empty in-memory database after its migrations: a handwritten
 * list would be a second description of the schema.
 */
export function expectedColumns(): Columns {
  const database = new DatabaseSync(":memory:");
  try {
    database.exec(MIGRATIONS_TABLE);
    for (const { statements } of MIGRATIONS) {
      for (const statement of statements(COLUMN_TYPES.sqlite)) database.exec(statement);
    }
    const rows = database
      .prepare(`select tables.name as "table", columns.name as "column"
        from sqlite_schema as tables join pragma_table_info(tables.name) as columns
        where tables.type = 'table' order by tables.name, columns.cid`)
      .all() as { table: string; column: string }[];
    const byTable = Map.groupBy(rows, ({ table }) => table);
    return new Map([...byTable].map(([table, columns]) => [table, columns.map(({ column }) => column)]));
  } finally {
    database.close();
  }
}
