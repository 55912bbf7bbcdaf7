import { randomBytes } from "node:crypto";
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe } from "node:test";
import { migrate } from "../../src/db/migrate.ts";
import { type Dialect, openStore, SQLITE_FILE, type Store } from "../../src/db/open.ts";
import { administer, databaseUrl, postgresTemplate, sqliteTemplate } from "./database-templates.ts";
import { postgresUrl } from "./shared-postgres.ts";

export type TestDatabase = {
  readonly dialect: Dialect;
  /** Environment variables that make a server use this database; each server has its own data folder. */
  readonly environment: Record<string, string>;
  readonly databaseUrl: string | null;
  readonly dataDir: string;
  /** Opens a store on it. Can be called several times, to act as several processes. */
  readonly open: () => Store;
  /** Drops the database and removes the folder. Close every store and server first. */
  readonly remove: () => Promise<void>;
};

/** Creates a database at the current schema, or an empty one. */
export type MakeDatabase = (options?: { readonly isEmpty: boolean }) => Promise<TestDatabase>;

/** Defines the same tests for both databases. */
export function forEachDatabase(define: (makeDatabase: MakeDatabase, dialect: Dialect) => void): void {
  describe("on SQLite", () => define(makeSqlite, "sqlite"));
  describe("on PostgreSQL", () => define(makePostgres, "postgres"));
}

/** A store on a new, migrated database, and a function that closes and removes both. */
export async function openMigrated(
  makeDatabase: () => Promise<TestDatabase>,
): Promise<{ store: Store; database: TestDatabase; remove: () => Promise<void> }> {
  const database = await makeDatabase();
  const store = database.open();
  await migrate(store.db, store.dialect, Date.now());
  const remove = async () => {
    await store.close();
    await database.remove();
  };
  return { store, database, remove };
}

export async function makeSqlite({ isEmpty } = { isEmpty: false }): Promise<TestDatabase> {
  const database = testDatabase("sqlite", null, async () => undefined);
  if (!isEmpty) copyFileSync(await sqliteTemplate(), join(database.dataDir, SQLITE_FILE));
  return database;
}

export async function makePostgres({ isEmpty } = { isEmpty: false }): Promise<TestDatabase> {
  const serverUrl = await postgresUrl();
  const template = isEmpty ? "template1" : await postgresTemplate(serverUrl);
  const name = `opensend_${randomBytes(6).toString("hex")}`;
  await administer(serverUrl, `create database ${name} template ${template}`);
  return testDatabase("postgres", databaseUrl(serverUrl, name), () =>
    administer(serverUrl, `drop database ${name} with (force)`),
  );
}

function testDatabase(dialect: Dialect, databaseUrl: string | null, drop: () => Promise<void>): TestDatabase {
  const dataDir = mkdtempSync(join(tmpdir(), "opensend-test-"));
  return {
    dialect,
    databaseUrl,
    dataDir,
    environment: {
      OPENSEND_DATA_DIR: dataDir,
      ...(databaseUrl === null ? {} : { DATABASE_URL: databaseUrl }),
    },
    open: () => openStore({ databaseUrl, dataDir, onConnectionError: () => undefined }),
    remove: async () => {
      await drop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
