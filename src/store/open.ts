import { join } from "node:path";
import { Kysely, sql, type Transaction } from "kysely";
import type { HotStatements } from "./hot-statements.ts";
import { postgresHotStatements } from "./postgres/hot-statements.ts";
import { openPostgres } from "./postgres/open-postgres.ts";
import type { Schema } from "./schema.ts";
import { createSqliteHotStatements } from "./sqlite/hot-statements.ts";
import { openSqlite } from "./sqlite/open-sqlite.ts";
import { createUpkeep, type Upkeep } from "./sqlite/upkeep.ts";
import { createTransact, type Transact } from "./transact.ts";

export type Dialect = "sqlite" | "postgres";
export type Database = Kysely<Schema>;
/** The database inside a transaction. On SQLite, using the plain one meanwhile would wait for itself forever. */
export type DatabaseTransaction = Transaction<Schema>;

export type Store = {
  readonly db: Database;
  readonly dialect: Dialect;
  readonly hot: HotStatements;
  readonly transact: Transact;
  /** Of the embedded database; a server looks after itself. */
  readonly upkeep: Upkeep | null;
  readonly close: () => Promise<void>;
};

export type StoreOptions = {
  /** A `postgres://` URL, or null for the embedded database. */
  readonly databaseUrl: string | null;
  readonly dataDir: string;
  readonly onConnectionError: (error: Error) => void;
};

export const SQLITE_FILE = "opensend.db";

/** Opens the store; PostgreSQL is only contacted by the first query. */
export function openStore(options: StoreOptions): Store {
  const { dialect, hot, upkeep, kyselyDialect } =
    options.databaseUrl === null ? openEmbedded(options) : openServer(options, options.databaseUrl);
  const db = new Kysely<Schema>({ dialect: kyselyDialect });
  return { db, dialect, hot, upkeep, transact: createTransact(db, dialect), close: () => db.destroy() };
}

function openEmbedded({ dataDir }: StoreOptions) {
  const { dialect, prepare } = openSqlite(join(dataDir, SQLITE_FILE));
  return {
    dialect: "sqlite",
    kyselyDialect: dialect,
    hot: createSqliteHotStatements(prepare),
    upkeep: createUpkeep(prepare),
  } as const;
}

function openServer({ onConnectionError }: StoreOptions, databaseUrl: string) {
  const kyselyDialect = openPostgres(databaseUrl, onConnectionError);
  return { dialect: "postgres", kyselyDialect, hot: postgresHotStatements, upkeep: null } as const;
}

/** @throws when the database does not answer. */
export async function pingStore(db: Database): Promise<void> {
  await sql`select 1`.execute(db);
}
