import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe } from "node:test";
import pg from "pg";
import { migrate } from "../../src/store/migrate.ts";
import { type Dialect, openStore, type Store } from "../../src/store/open.ts";

export type TestDatabase = {
  readonly dialect: Dialect;
  /** What a server needs in its environment to use it; the data folder is its own in any case. */
  readonly environment: Record<string, string>;
  readonly databaseUrl: string | null;
  readonly dataDir: string;
  /** Opens a store on it; several may be open, as several processes would have them. */
  readonly open: () => Store;
  /** Drops the database and removes the folder. Close every store and server first. */
  readonly remove: () => Promise<void>;
};

/** Defines the same tests for both databases. */
export function forEachDatabase(
  define: (makeDatabase: () => Promise<TestDatabase>, dialect: Dialect) => void,
): void {
  describe("on SQLite", () => define(makeSqlite, "sqlite"));
  describe("on PostgreSQL", () => define(makePostgres, "postgres"));
}

/** A store on a new, migrated database, and how to get rid of both. */
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

export async function makeSqlite(): Promise<TestDatabase> {
  return testDatabase("sqlite", null, async () => undefined);
}

export async function makePostgres(): Promise<TestDatabase> {
  const serverUrl = process.env["OPENSEND_TEST_POSTGRES_URL"];
  if (serverUrl === undefined)
    throw new Error("OPENSEND_TEST_POSTGRES_URL is not set; run the tests with `npm test`.");
  const name = `opensend_${randomBytes(6).toString("hex")}`;
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  await administer(serverUrl, `create database ${name}`);
  return testDatabase("postgres", url.href, () =>
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

async function administer(serverUrl: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
