import { join } from "node:path";
import { Kysely, sql, type Transaction } from "kysely";
import type { HotStatements } from "./hot-statements.ts";
import { PostgresHotStatements } from "./postgres/hot-statements.ts";
import { openPostgres } from "./postgres/open-postgres.ts";
import type { Pooler } from "./postgres/pooler.ts";
import type { Schema } from "./schema.ts";
import { SqliteHotStatements } from "./sqlite/hot-statements.ts";
import { openSqlite } from "./sqlite/open-sqlite.ts";
import { Presence } from "./sqlite/presence.ts";
import { createUpkeep, type Upkeep } from "./sqlite/upkeep.ts";
import { createServerTransact, SharedTransactions, type Transact } from "./transactor.ts";

export type Dialect = "sqlite" | "postgres";
export type Database = Kysely<Schema>;
/** The database inside a transaction. On SQLite, using the plain database meanwhile would be a deadlock. */
export type DatabaseTransaction = Transaction<Schema>;

/** Runs reads of the hot path in sequence on one connection, outside a transaction. */
export type ReadHot = <Result>(work: (db: Database) => Promise<Result>) => Promise<Result>;

export type Store = {
  readonly db: Database;
  readonly dialect: Dialect;
  readonly hot: HotStatements;
  readonly transact: Transact;
  readonly readHot: ReadHot;
  /** Maintenance of the embedded database; null for a server, which maintains itself. */
  readonly upkeep: Upkeep | null;
  /**
   * Registers this process as one that delivers. `prepare` receives whether it is known to be the only one, and no
   * other process enters before it has ended; with a server this is never known.
   */
  readonly enter: <Result>(prepare: (isAlone: boolean) => Promise<Result>) => Promise<Result>;
  readonly close: () => Promise<void>;
};

export type StoreOptions = {
  /** A `postgres://` URL, or null for the embedded database. */
  readonly databaseUrl: string | null;
  readonly dataDir: string;
  readonly onConnectionError: (error: Error) => void;
  /** Called for a pooler in transaction mode in front of PostgreSQL. */
  readonly onPooler?: (pooler: Pooler) => void;
};

export const SQLITE_FILE = "opensend.db";

/** Opens the store; PostgreSQL is only contacted by the first query. */
export function openStore(options: StoreOptions): Store {
  return options.databaseUrl === null ? openEmbedded(options) : openServer(options, options.databaseUrl);
}

function openEmbedded({ dataDir }: StoreOptions): Store {
  const { dialect, prepare } = openSqlite(join(dataDir, SQLITE_FILE));
  const db = new Kysely<Schema>({ dialect });
  const transactions = new SharedTransactions(db);
  let presence: Presence | null = null;
  return {
    db,
    dialect: "sqlite",
    hot: new SqliteHotStatements(prepare),
    transact: (work) => transactions.run(work),
    readHot: (work) => db.connection().execute(work),
    upkeep: createUpkeep(prepare),
    enter: async (prepare) => {
      presence = await Presence.enter(dataDir);
      const prepared = await prepare(presence.isAlone);
      presence.shareLock();
      return prepared;
    },
    close: async () => {
      await db.destroy();
      presence?.close();
    },
  };
}

function openServer({ onConnectionError, onPooler }: StoreOptions, databaseUrl: string): Store {
  const { read, write } = openPostgres(databaseUrl, {
    onIdleError: onConnectionError,
    onPooler: onPooler ?? (() => undefined),
  });
  const db = new Kysely<Schema>({ dialect: read });
  const writer = new Kysely<Schema>({ dialect: write });
  return {
    db,
    dialect: "postgres",
    hot: new PostgresHotStatements(),
    transact: createServerTransact(writer),
    readHot: (work) => writer.connection().execute(work),
    upkeep: null,
    enter: (prepare) => prepare(false),
    close: async () => {
      await Promise.all([db.destroy(), writer.destroy()]);
    },
  };
}

/** @throws when the database does not respond. */
export async function pingStore(db: Database): Promise<void> {
  await sql`select 1`.execute(db);
}
