import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

export const LOCK_FILE = "opensend.lock";
const TRY_EVERY_MS = 50;
/** Another process that starts locks others out only while it takes leases back. */
const TRY_FOR_MS = 30_000;

/** Another process has been starting on the same data folder for too long. */
export class FolderBusyError extends Error {
  override readonly name = "FolderBusyError";
}

/**
 * Shows the processes that use a data folder to each other: each has a shared lock on a file of its own while it lives,
 * through SQLite's file locks (sqlite.org/lockingv3.html), and the system drops the lock when the process ends however it
 * ends. One that gets the lock exclusively is the only one. No host name or pid could tell that: containers share both.
 */
export class Presence {
  /** Whether no other process uses the folder, and none can begin to before `letOthersIn`. */
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

  /** Keeps the lock as a shared one. It is never free in between, so that no two processes both find themselves alone. */
  letOthersIn(): void {
    if (!this.#isExclusive) return;
    this.#isExclusive = false;
    // With a read under way, a commit leaves the lock shared instead of dropping it.
    const reading = this.#database.prepare("select name from sqlite_schema").iterate();
    reading.next();
    this.#database.exec("commit");
    this.#database.exec(SHARE);
    reading.return?.();
  }

  leave(): void {
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

/** Never opens a file that is there: closing it again would drop the locks that this process has on it (POSIX fcntl). */
function createForOwner(path: string): void {
  try {
    closeSync(openSync(path, "wx", 0o600));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}
