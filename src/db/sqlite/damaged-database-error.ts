import { DatabaseError } from "../database-error.ts";

/** The file of the embedded database is not a database, or is incomplete or damaged. The message is for people. */
export class DamagedDatabaseError extends DatabaseError {
  override readonly name = "DamagedDatabaseError";
  /** The damage, in SQLite's words or ours. */
  readonly reason: string;

  constructor(path: string, reason: string, cause?: Error) {
    super(
      "other",
      cause ?? new Error(reason),
      `The database ${path} is damaged: ${reason}. Stop OpenSend, keep the file, and restore the latest backup (/docs/backup#restore).`,
    );
    this.reason = reason;
  }
}

/** SQLITE_CORRUPT and SQLITE_NOTADB (sqlite.org/rescode.html), which are in the lower bits of extended codes. */
const DAMAGE_CODES = new Set([11, 26]);

/** Whether `node:sqlite` threw this because the file is damaged, or is not a database. */
export function isDamage(error: unknown): error is Error {
  const { errcode } = (error ?? {}) as { errcode?: unknown };
  return error instanceof Error && typeof errcode === "number" && DAMAGE_CODES.has(errcode & 0xff);
}
