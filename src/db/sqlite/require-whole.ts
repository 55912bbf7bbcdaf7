import { existsSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { DamagedDatabaseError } from "./damaged-database-error.ts";
import { LOCK_FILE } from "./presence.ts";

/**
 * SQLite takes an empty file for a new database. If a server has run before, the file has lost its content.
 *
 * @throws {DamagedDatabaseError}
 */
export function requireContent(path: string): void {
  if (fileBytes(path) !== 0 || fileBytes(`${path}-wal`) > 0) return;
  if (existsSync(join(dirname(path), LOCK_FILE))) {
    throw new DamagedDatabaseError(path, "the file is empty, although a server has used it");
  }
}

/**
 * Compares the file's size with the one in its header, which SQLite only does page by page. Pages in the write-ahead
 * log may be missing from the file.
 *
 * @throws {DamagedDatabaseError}
 */
export function requireWhole(database: DatabaseSync, path: string): void {
  if (fileBytes(`${path}-wal`) > 0) return;
  const expected = pageCount(database) * readNumber(database, "page_size");
  const found = fileBytes(path);
  if (found < expected) {
    throw new DamagedDatabaseError(path, `the file is cut off after ${found} of ${expected} bytes`);
  }
}

/** 0 for a database without content. */
export function pageCount(database: DatabaseSync): number {
  return readNumber(database, "page_count");
}

function readNumber(database: DatabaseSync, pragma: string): number {
  return Number(Object.values(database.prepare(`pragma ${pragma}`).get() ?? {})[0]);
}

/** 0 for a missing file too. */
function fileBytes(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
