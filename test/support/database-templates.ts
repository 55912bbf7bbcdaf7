import { createHash, randomBytes } from "node:crypto";
import { existsSync, globSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { migrate } from "../../src/db/migrate.ts";
import { openStore, SQLITE_FILE } from "../../src/db/open.ts";

/** Databases at the current schema, migrated once and copied for each test, which is much faster than migrating. */

const DB_DIR = join(import.meta.dirname, "..", "..", "src", "db");
const SCHEMA_SOURCES = globSync("{migrate.ts,migrations/*.ts,sqlite/open-sqlite.ts}", {
  cwd: DB_DIR,
}).sort();
if (SCHEMA_SOURCES.length < 3) throw new Error(`The sources of the schema are not in ${DB_DIR}.`);

/** Changes with the schema, so that a template of another schema is never used. */
const SCHEMA_DIGEST = SCHEMA_SOURCES.reduce(
  (hash, path) => hash.update(readFileSync(join(DB_DIR, path))),
  createHash("sha256"),
)
  .digest("hex")
  .slice(0, 12);

/** An arbitrary number that only this file uses (PostgreSQL, `pg_advisory_lock`). */
const TEMPLATE_LOCK = 3_015_900;

let postgres: Promise<string> | null = null;

/** The name of a migrated database on the server that has no open connections. */
export function postgresTemplate(serverUrl: string): Promise<string> {
  postgres ??= createPostgresTemplate(serverUrl);
  return postgres;
}

async function createPostgresTemplate(serverUrl: string): Promise<string> {
  const name = `opensend_template_${SCHEMA_DIGEST}`;
  await withClient(serverUrl, async (client) => {
    await client.query("select pg_advisory_lock($1)", [TEMPLATE_LOCK]);
    const found = await client.query("select 1 from pg_database where datname = $1", [name]);
    if (found.rowCount !== 0) return;
    const unfinished = `opensend_${randomBytes(6).toString("hex")}`;
    await client.query(`create database ${unfinished}`);
    await migrateAndClose({ databaseUrl: databaseUrl(serverUrl, unfinished), dataDir: tmpdir() });
    await client.query(`alter database ${unfinished} rename to ${name}`);
  });
  return name;
}

let sqlite: Promise<string> | null = null;

/** The path of a migrated database that no process has open. */
export function sqliteTemplate(): Promise<string> {
  sqlite ??= createSqliteTemplate();
  return sqlite;
}

async function createSqliteTemplate(): Promise<string> {
  const path = join(tmpdir(), `opensend-template-${SCHEMA_DIGEST}.db`);
  if (existsSync(path)) return path;
  const dataDir = mkdtempSync(join(tmpdir(), "opensend-test-"));
  await migrateAndClose({ databaseUrl: null, dataDir });
  renameSync(join(dataDir, SQLITE_FILE), path);
  rmSync(dataDir, { recursive: true });
  return path;
}

async function migrateAndClose(place: { databaseUrl: string | null; dataDir: string }): Promise<void> {
  const store = openStore({ ...place, onConnectionError: () => undefined });
  await migrate(store.db, store.dialect, Date.now());
  await store.close();
}

export function databaseUrl(serverUrl: string, name: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
}

export async function administer(serverUrl: string, statement: string): Promise<void> {
  await withClient(serverUrl, (client) => client.query(statement));
}

async function withClient(serverUrl: string, use: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  try {
    await use(client);
  } finally {
    await client.end();
  }
}
