import { type Kysely, sql } from "kysely";
import { MIGRATIONS } from "./migrations/index.ts";
import type { Dialect } from "./open.ts";
import type { Schema } from "./schema.ts";

/** The few words that differ between the two databases when a table is created. */
export type ColumnTypes = {
  /** A UUID as text, sorted by its bytes in both databases. */
  readonly id: string;
  readonly integer: string;
  /** A point in time in Better Auth's format. Other tables store epoch milliseconds as integers. */
  readonly instant: string;
  readonly boolean: string;
  /** Suffix for a table of small rows with a text key: stores rows in the order of the key, without a second tree. */
  readonly clustered: string;
  /** Statements for PostgreSQL only; an empty list on SQLite. */
  readonly onPostgres: (...statements: readonly string[]) => readonly string[];
};

export type Migration = {
  readonly number: number;
  readonly name: string;
  readonly statements: (types: ColumnTypes) => readonly string[];
};

export const COLUMN_TYPES: Record<Dialect, ColumnTypes> = {
  sqlite: {
    id: "text",
    integer: "integer",
    instant: "date",
    boolean: "integer",
    clustered: " without rowid",
    onPostgres: () => [],
  },
  postgres: {
    id: 'text collate "C"',
    integer: "bigint",
    instant: "timestamptz",
    boolean: "boolean",
    clustered: "",
    onPostgres: (...statements) => statements,
  },
};

/** An arbitrary number that only OpenSend's migrations use (PostgreSQL, `pg_advisory_xact_lock`). */
const MIGRATION_LOCK = 3_015_001;

export const MIGRATIONS_TABLE = `create table if not exists schema_migrations (
  number integer primary key, name text not null, applied_at bigint not null)`;

/** A newer version has written the database, so this one must not touch it. */
export class NewerSchemaError extends Error {
  override readonly name = "NewerSchemaError";
}

/**
 * Migrates the database to this version's schema, in one transaction under a lock, so that several processes can start
 * concurrently. Returns the names of the migrations applied.
 *
 * @throws {NewerSchemaError} when the database is ahead of this program.
 */
export async function migrate(db: Kysely<Schema>, dialect: Dialect, now: number): Promise<string[]> {
  return db.transaction().execute(async (trx) => {
    if (dialect === "postgres") await sql`select pg_advisory_xact_lock(${MIGRATION_LOCK})`.execute(trx);
    await sql.raw(MIGRATIONS_TABLE).execute(trx);
    const current = await schemaNumber(trx);
    const newest = newestMigrationNumber();
    if (current > newest) {
      throw new NewerSchemaError(
        `The database has schema ${current}, this version of OpenSend knows ${newest}. Start the newer version, or restore an earlier backup.`,
      );
    }
    const pending = MIGRATIONS.filter((migration) => migration.number > current);
    for (const migration of pending) {
      for (const statement of migration.statements(COLUMN_TYPES[dialect]))
        await sql.raw(statement).execute(trx);
      await trx
        .insertInto("schema_migrations")
        .values({ number: migration.number, name: migration.name, applied_at: now })
        .execute();
    }
    return pending.map((migration) => `${String(migration.number).padStart(4, "0")}-${migration.name}`);
  });
}

/** The number of the last migration applied to the database, 0 for none. */
export async function schemaNumber(db: Kysely<Schema>): Promise<number> {
  const row = await db
    .selectFrom("schema_migrations")
    .select((eb) => eb.fn.max("number").as("number"))
    .executeTakeFirst();
  return Number(row?.number ?? 0);
}

export function newestMigrationNumber(): number {
  return Math.max(...MIGRATIONS.map((migration) => migration.number));
}
