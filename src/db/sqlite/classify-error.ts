import { DatabaseError, type DatabaseErrorKind } from "../database-error.ts";
import { DamagedDatabaseError, isDamage } from "./damaged-database-error.ts";

/** SQLITE_BUSY, SQLITE_IOERR, SQLITE_FULL, SQLITE_CANTOPEN (sqlite.org/rescode.html); the low byte of extended codes. */
const UNAVAILABLE = new Set([5, 10, 13, 14]);
/** SQLITE_CONSTRAINT_PRIMARYKEY and SQLITE_CONSTRAINT_UNIQUE. */
const UNIQUE = new Set([1555, 2067]);
/** SQLITE_TOOBIG, SQLITE_CONSTRAINT, SQLITE_MISMATCH. */
const DATA = new Set([18, 19, 20]);

/**
 * Classifies what `node:sqlite` throws on the database at `path`, by SQLite's result code. An error without one is a
 * bug in our code and stays unchanged.
 */
export function classifySqliteError(error: unknown, path: string): unknown {
  if (!(error instanceof Error)) return error;
  if (isDamage(error)) return new DamagedDatabaseError(path, error.message, error);
  const { errcode } = error as { errcode?: unknown };
  return typeof errcode === "number" ? new DatabaseError(kindOf(errcode), error) : error;
}

function kindOf(code: number): DatabaseErrorKind {
  if (UNIQUE.has(code)) return "unique";
  if (DATA.has(code & 0xff)) return "data";
  return UNAVAILABLE.has(code & 0xff) ? "unavailable" : "other";
}
