import { sql } from "kysely";
import { isDatabaseUnavailable } from "./database-error.ts";
import { type Columns, expectedColumns } from "./expected-columns.ts";
import { newestMigrationNumber, schemaNumber } from "./migrate.ts";
import type { Store } from "./open.ts";

/** The database claims to have this version's schema but does not. The message says what is missing and what to do. */
export class SchemaFaultError extends Error {
  override readonly name = "SchemaFaultError";
}

/** Advice for anyone who reads of a fault. */
export const SCHEMA_FIX =
  "Something other than OpenSend, or another build, has changed the schema. Undo the change, or restore a backup.";
const FAULTS_NAMED_MAX = 10;

type CheckedStore = Pick<Store, "db" | "dialect">;

/** @throws {SchemaFaultError} when a table or column is missing that this version needs. */
export async function requireSchema(store: CheckedStore): Promise<void> {
  const faults = await new SchemaCheck(store).findFaults();
  if (faults.length > 0) throw new SchemaFaultError(`${faults.join(" ")} ${SCHEMA_FIX}`);
}

/** Compares the tables and columns of a database with those of this version's migrations. */
export class SchemaCheck {
  readonly #store: CheckedStore;
  #expected: Columns | null = null;

  constructor(store: CheckedStore) {
    this.#store = store;
  }

  /**
   * A sentence for each table and column that is missing or cannot be read; empty when all are there.
   *
   * @throws {DatabaseError} `unavailable` when the database does not respond.
   */
  async findFaults(): Promise<readonly string[]> {
    this.#expected ??= expectedColumns();
    const current = await this.#readNumber();
    const newest = newestMigrationNumber();
    if (current !== null && current !== newest) {
      return [`The database has schema ${current}, this version needs ${newest}.`];
    }
    if (current !== null && (await this.#canReadAll(this.#expected))) return [];
    const faults: string[] = [];
    for (const [table, columns] of this.#expected) faults.push(...(await this.#faultsOf(table, columns)));
    const others = faults.length - FAULTS_NAMED_MAX;
    return others > 0 ? [...faults.slice(0, FAULTS_NAMED_MAX), `And ${others} more are missing.`] : faults;
  }

  /** Null when it cannot be read. */
  async #readNumber(): Promise<number | null> {
    try {
      return await schemaNumber(this.#store.db);
    } catch (error) {
      if (isDatabaseUnavailable(error)) throw error;
      return null;
    }
  }

  /** Uses one statement, which fails if a column is missing and reads no rows. */
  async #canReadAll(expected: Columns): Promise<boolean> {
    const parts = [...expected].map(
      ([table, columns]) => `select 1 from (${selectNone(table, columns)}) as "${table}"`,
    );
    return this.#succeeds(parts.join(" union all "));
  }

  async #faultsOf(table: string, columns: readonly string[]): Promise<readonly string[]> {
    if (await this.#succeeds(selectNone(table, columns))) return [];
    const found = new Set(await this.#columnsOf(table));
    if (found.size === 0) return [`The table \`${table}\` is missing.`];
    const missing = columns.filter((column) => !found.has(column));
    if (missing.length === 0) return [`The table \`${table}\` cannot be read.`];
    return missing.map((column) => `The table \`${table}\` has no column \`${column}\`.`);
  }

  async #succeeds(statement: string): Promise<boolean> {
    try {
      await sql.raw(statement).execute(this.#store.db);
      return true;
    } catch (error) {
      if (isDatabaseUnavailable(error)) throw error;
      return false;
    }
  }

  async #columnsOf(table: string): Promise<readonly string[]> {
    const { db, dialect } = this.#store;
    const query =
      dialect === "sqlite"
        ? sql<{ name: string }>`select name from pragma_table_info(${table})`
        : sql<{ name: string }>`select attname as name from pg_attribute
            where attrelid = to_regclass(${table}) and attnum > 0 and not attisdropped`;
    const { rows } = await query.execute(db);
    return rows.map(({ name }) => name);
  }
}

function selectNone(table: string, columns: readonly string[]): string {
  return `select ${columns.map((column) => `"${column}"`).join(", ")} from "${table}" limit 0`;
}
