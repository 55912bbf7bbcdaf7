import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

const FILE = "opensend.lock";

/** Shows the processes that use a data folder each other by a lock that the system drops when its holder dies. */
export type Presence = {
  /** Whether no other process used the folder when this one came. */
  readonly isAlone: boolean;
  readonly leave: () => void;
};

/**
 * Holds a shared lock on a file of its own, through SQLite's file locks (sqlite.org/lockingv3.html). A process that can
 * lock it exclusively for a moment is the only one: whatever earlier ones left under lease is nobody's. No host name or
 * pid could tell that, since containers share both.
 */
export function enterDataDir(dataDir: string): Presence {
  const database = new DatabaseSync(join(dataDir, FILE), { timeout: 0 });
  const isAlone = tryExclusive(database);
  waitForShared(database);
  return { isAlone, leave: () => database.close() };
}

function tryExclusive(database: DatabaseSync): boolean {
  try {
    database.exec("begin exclusive; create table if not exists presence (id integer); commit");
    return true;
  } catch (error) {
    if (isBusy(error)) return false;
    throw error;
  }
}

/** Another that comes at the same time holds it exclusively for a moment. */
const SHARED_TIMEOUT_MS = 5000;

function waitForShared(database: DatabaseSync): void {
  database.exec(`pragma busy_timeout = ${SHARED_TIMEOUT_MS}; begin; select count(*) from presence`);
}

const SQLITE_BUSY = 5;

function isBusy(error: unknown): boolean {
  return ((error as { errcode?: number }).errcode ?? 0) % 256 === SQLITE_BUSY;
}
