import { chmodSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";
import type { SqliteDialect } from "kysely";
import { classifySqliteError } from "./classify-error.ts";
import { CompiledStatement, type Prepare } from "./compiled-statement.ts";
import { pageCount, requireContent, requireWhole } from "./require-whole.ts";
import { ReadingTime, TurnTakingSqliteDialect } from "./turn-taking.ts";

const BUSY_TIMEOUT_MS = 5000;
/** A write-ahead log that grew while a reader held it, such as a backup, is cut back to this. */
const LOG_KEPT_BYTES = 128 * 1024 * 1024;
/** Distinct SQL texts kept compiled. The program has a few hundred; pages with optional filters vary them. */
const STATEMENTS_KEPT_MAX = 500;

const SETTINGS = {
  timeout: BUSY_TIMEOUT_MS,
  enableForeignKeyConstraints: true,
  enableDoubleQuotedStringLiterals: false,
};

/**
 * Opens the embedded database: write-ahead log so that readers never wait, `synchronous = FULL` so that a committed
 * row survives a power cut, foreign keys on. The file is readable by its owner only.
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
    // Before anything is written: from then on the log may have what the file lacks.
    requireWhole(database, path);
    prepareDatabase(database);
    return database;
  } catch (error) {
    database?.close();
    throw classify(error);
  }
}

function prepareDatabase(database: DatabaseSync): void {
  // Only before its first table can a file be told how large its pages are, and to give space back. Pages of 8 KiB take
  // an eighth less time an event than those of 4; giving back costs nothing that could be measured.
  if (pageCount(database) === 0) database.exec("pragma page_size = 8192; pragma auto_vacuum = incremental;");
  database.exec(`pragma journal_mode = wal; pragma journal_size_limit = ${LOG_KEPT_BYTES};`);
  database.exec("pragma synchronous = full; pragma secure_delete = on;");
}

export type OpenedSqlite = {
  readonly dialect: SqliteDialect;
  /** A compiled statement, run on the database's one connection: inside whatever transaction is open there. */
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

/** Node's own SQLite in the shape Kysely's dialect expects. */
function adaptDatabase(database: DatabaseSync, prepare: Prepare, time: ReadingTime) {
  // A full disk ends the transaction by itself (sqlite.org/lang_transaction.html): rolling back once more would fail, and
  // that failure would be told instead of the disk's.
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
      // A transaction that reads first and writes later would fail immediately when another process wrote in between;
      // taking the write lock at its begin waits for the other instead.
      const statement = prepare(sql === "begin" ? "begin immediate" : sql);
      const all = (values: readonly unknown[]) => statement.all(...(values as SQLInputValue[]));
      return {
        reader: statement.isReader,
        // A transaction holds others up for as long as it lasts, so it is not made longer.
        all: (values: readonly unknown[]) =>
          database.isTransaction ? all(values) : time.measure(() => all(values)),
        run: (values: readonly unknown[]) => statement.run(...(values as SQLInputValue[])),
        iterate: (values: readonly unknown[]) => statement.iterate(...(values as SQLInputValue[])),
      };
    },
  };
}
