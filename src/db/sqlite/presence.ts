import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

export const LOCK_FILE = "opensend.lock";
const TRY_EVERY_MS = 50;
/** Longest wait for another starting process, which locks others out only while it prepares. */
const TRY_FOR_MS = 30_000;

/** Another process has been starting on the same data folder for too long. */
export class FolderBusyError extends Error {
  override readonly name = "FolderBusyError";
}

/**
 * Makes the processes that use a data folder visible to each other. Each keeps a shared lock on the lock file while it
 * lives, through SQLite's file locks (sqlite.org/lockingv3.html); the system drops the lock however the process ends. A
 * process that gets an exclusive lock is the only one. Host names and pids could not show that, since containers share
 * both.
 */
export class Presence {
  /** Whether no other process uses the folder. Others can only enter after `letOthersIn`. */
  readonly isAlone: boolean;
  readonly #database: DatabaseSync;
  #isExclusive: boolean;

  private constructor(database: DatabaseSync, isAlone: boolean) {
    this.#database = database;
    this.isAlone = isAlone;
    this.#isExclusive = isAlone;
  }

  /** @throws {FolderBusyError} */
  static async enter(dataDir: string): Promise<Presence> {
    const path = join(dataDir, LOCK_FILE);
    createForOwner(path);
    const database = new DatabaseSync(path, { timeout: 0 });
    for (let waitedMs = 0; waitedMs < TRY_FOR_MS; waitedMs += TRY_EVERY_MS) {
      if (tryLock(database, "begin exclusive; create table if not exists presence (id integer)")) {
        return new Presence(database, true);
      }
      if (tryLock(database, SHARE)) return new Presence(database, false);
      await new Promise((resolve) => setTimeout(resolve, TRY_EVERY_MS));
    }
    database.close();
    throw new FolderBusyError(
      `Another process has been starting on ${dataDir} for ${TRY_FOR_MS / 1000} s. End it, then start again.`,
    );
  }

  /** Downgrades to a shared lock. The lock is never free in between, so no two processes both find themselves alone. */
  shareLock(): void {
    if (!this.#isExclusive) return;
    this.#isExclusive = false;
    // During a read, a commit leaves the lock shared instead of dropping it.
    const reading = this.#database.prepare("select name from sqlite_schema").iterate();
    reading.next();
    this.#database.exec("commit");
    this.#database.exec(SHARE);
    reading.return?.();
  }

  close(): void {
    this.#database.close();
  }
}

const SHARE = "begin; select count(*) from sqlite_schema";
const SQLITE_BUSY = 5;

function tryLock(database: DatabaseSync, statements: string): boolean {
  try {
    database.exec(statements);
    return true;
  } catch (error) {
    if (database.isTransaction) database.exec("rollback");
    if (((error as { errcode?: number }).errcode ?? 0) % 256 === SQLITE_BUSY) return false;
    throw error;
  }
}

/** Never opens an existing file: closing it would drop the locks that this process has on it (POSIX fcntl). */
function createForOwner(path: string): void {
  try {
    closeSync(openSync(path, "wx", 0o600));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}
