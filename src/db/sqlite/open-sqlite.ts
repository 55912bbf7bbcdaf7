import { chmodSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";
import type { SqliteDialect } from "kysely";
import { classifySqliteError } from "./classify-error.ts";
import { CompiledStatement, type Prepare } from "./compiled-statement.ts";
import { pageCount, requireContent, requireWhole } from "./require-whole.ts";
import { ReadingTime, TurnTakingSqliteDialect } from "./turn-taking.ts";

const BUSY_TIMEOUT_MS = 5000;
/** A write-ahead log that grew because of a reader, such as a backup, is truncated to this size. */
const LOG_KEPT_BYTES = 128 * 1024 * 1024;
/** Distinct SQL texts kept compiled. The program has a few hundred; optional filters vary them. */
const STATEMENTS_KEPT_MAX = 500;

const SETTINGS = {
  timeout: BUSY_TIMEOUT_MS,
  enableForeignKeyConstraints: true,
  enableDoubleQuotedStringLiterals: false,
};

/**
 * Opens the embedded database with a write-ahead log so that readers never wait, `synchronous = FULL` so that a
 * committed row survives a power cut, and foreign keys. The file is readable only by its owner.
 *
 * @throws {DatabaseError} {DamagedDatabaseError}
 */
export function openSqlite(path: string): OpenedSqlite {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const classify = (error: unknown) => classifySqliteError(error, path);
  const database = openDatabase(path, classify);
  const prepare = keepStatements(database, classify);
  const time = new ReadingTime();
  const adapted = adaptDatabase(database, prepare, time);
  return {
    dialect: new TurnTakingSqliteDialect({ database: adapted }, time),
    prepare,
  };
}

type Classify = (error: unknown) => unknown;

/** @throws {DatabaseError}, {DamagedDatabaseError} */
function openDatabase(path: string, classify: Classify): DatabaseSync {
  requireContent(path);
  let database: DatabaseSync | null = null;
  try {
    database = new DatabaseSync(path, SETTINGS);
    chmodSync(path, 0o600);
    // Checked before anything is written: from then on the log may contain what the file lacks.
    requireWhole(database, path);
    prepareDatabase(database);
    return database;
  } catch (error) {
    database?.close();
    throw classify(error);
  }
}

function prepareDatabase(database: DatabaseSync): void {
  // The page size and auto_vacuum can only be set before the first table exists. Pages of 8 KiB take an eighth less
  // time per event than those of 4 KiB; auto_vacuum has no measurable cost.
  if (pageCount(database) === 0) database.exec("pragma page_size = 8192; pragma auto_vacuum = incremental;");
  database.exec(`pragma journal_mode = wal; pragma journal_size_limit = ${LOG_KEPT_BYTES};`);
  database.exec("pragma synchronous = full; pragma secure_delete = on;");
}

export type OpenedSqlite = {
  readonly dialect: SqliteDialect;
  /** Returns a compiled statement that runs on the database's one connection, inside its open transaction if any. */
  readonly prepare: Prepare;
};

function keepStatements(database: DatabaseSync, classify: Classify): Prepare {
  const statements = new Map<string, CompiledStatement>();
  return (sql) => {
    const known = statements.get(sql);
    if (known !== undefined) return known;
    if (statements.size >= STATEMENTS_KEPT_MAX) statements.clear();
    const statement = new CompiledStatement(compile(database, sql, classify), classify);
    statements.set(sql, statement);
    return statement;
  };
}

function compile(database: DatabaseSync, sql: string, classify: Classify): StatementSync {
  try {
    return database.prepare(sql);
  } catch (error) {
    throw classify(error);
  }
}

/** Node's SQLite in the shape that Kysely's dialect expects. */
function adaptDatabase(database: DatabaseSync, prepare: Prepare, time: ReadingTime) {
  // A full disk ends the transaction (sqlite.org/lang_transaction.html): another rollback would fail, and hide the
  // first error.
  const rollback = {
    reader: false,
    all: () => [],
    run: () => {
      if (database.isTransaction) prepare("rollback").run();
      return { changes: 0, lastInsertRowid: 0 };
    },
    iterate: () => [].values(),
  };
  return {
    close: () => database.close(),
    prepare: (sql: string) => {
      if (sql === "rollback") return rollback;
      // A transaction that reads first and writes later would fail immediately if another process wrote in between;
      // taking the write lock at its start waits for the other process instead.
      const statement = prepare(sql === "begin" ? "begin immediate" : sql);
      const all = (values: readonly unknown[]) => statement.all(...(values as SQLInputValue[]));
      return {
        reader: statement.isReader,
        // A transaction blocks others while it lasts, so it does not yield.
        all: (values: readonly unknown[]) =>
          database.isTransaction ? all(values) : time.measure(() => all(values)),
        run: (values: readonly unknown[]) => statement.run(...(values as SQLInputValue[])),
        iterate: (values: readonly unknown[]) => statement.iterate(...(values as SQLInputValue[])),
      };
    },
  };
}
