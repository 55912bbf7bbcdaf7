import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { backup, DatabaseSync } from "node:sqlite";
import { DamagedDatabaseError, isDamage } from "./damaged-database-error.ts";
import { requireContent, requireWhole } from "./require-whole.ts";

/** A server that writes holds the file for moments only. */
const BUSY_TIMEOUT_MS = 10_000;
const PAGES_A_STEP = 200;

/**
 * Copies an embedded database into one new file, readable by its owner only, while others write to it: the copy is the
 * database as it was when this began. It is checked and on disk before it has its name. Returns its size in bytes.
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
    // Inside a transaction that has read, the copy sees one state. Outside of it, it would begin anew whenever another
    // process writes, and not come to an end beside a busy server.
    database.exec("begin; select count(*) from sqlite_schema");
    await backup(database, target, { rate: PAGES_A_STEP });
    database.exec("rollback");
  } finally {
    database.close();
  }
}

/** @throws {DamagedDatabaseError} */
function check(path: string, source: string): void {
  const database = new DatabaseSync(path);
  try {
    // One file, without a write-ahead log beside it.
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
