import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { backup, DatabaseSync } from "node:sqlite";
import { DamagedDatabaseError, isDamage } from "./damaged-database-error.ts";
import { requireContent, requireWhole } from "./require-whole.ts";

/** A writing server locks the file only for moments. */
const BUSY_TIMEOUT_MS = 10_000;
const PAGES_PER_STEP = 200;

/**
 * Copies an embedded database into one new file, readable only by its owner, while others write to it: the copy is the
 * database as of the start. It is checked and on disk before it gets its name. Returns its size in bytes.
 *
 * @throws {DamagedDatabaseError}
 */
export async function backUp(source: string, target: string): Promise<number> {
  refuseToOverwrite(target);
  requireContent(source);
  const partial = `${target}.partial`;
  closeSync(openSync(partial, "wx", 0o600));
  try {
    await copy(source, partial);
    check(partial, source);
    sync(partial);
    refuseToOverwrite(target);
    renameSync(partial, target);
    sync(dirname(target));
    return statSync(target).size;
  } catch (error) {
    throw isDamage(error) ? new DamagedDatabaseError(source, error.message, error) : error;
  } finally {
    for (const suffix of ["", "-wal", "-shm", "-journal"]) rmSync(`${partial}${suffix}`, { force: true });
  }
}

function refuseToOverwrite(path: string): void {
  if (existsSync(path)) throw Object.assign(new Error(`${path} exists`), { code: "EEXIST" });
}

async function copy(source: string, target: string): Promise<void> {
  const database = new DatabaseSync(source, { timeout: BUSY_TIMEOUT_MS });
  try {
    requireWhole(database, source);
    // Inside a read transaction the copy sees one state. Outside, it would restart whenever another process writes, and
    // never complete with a busy server.
    database.exec("begin; select count(*) from sqlite_schema");
    await backup(database, target, { rate: PAGES_PER_STEP });
    database.exec("rollback");
  } finally {
    database.close();
  }
}

/** @throws {DamagedDatabaseError} */
function check(path: string, source: string): void {
  const database = new DatabaseSync(path);
  try {
    // One file, without a separate write-ahead log.
    database.exec("pragma journal_mode = delete");
    const findings = database.prepare("pragma quick_check(3)").all();
    const texts = findings.map((row) => String(Object.values(row)[0]));
    if (texts.join() !== "ok") throw new DamagedDatabaseError(source, texts.join("; "));
  } finally {
    database.close();
  }
}

function sync(path: string): void {
  const descriptor = openSync(path, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
