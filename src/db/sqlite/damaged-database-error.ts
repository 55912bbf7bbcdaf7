import { DatabaseError } from "../database-error.ts";

/** The file of the embedded database cannot be read as one, or not whole. The message is for people. */
export class DamagedDatabaseError extends DatabaseError {
  override readonly name = "DamagedDatabaseError";
  /** What is wrong with the file, in SQLite's words or ours. */
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

/** SQLITE_CORRUPT and SQLITE_NOTADB (sqlite.org/rescode.html); extended codes have more in their upper bits. */
const DAMAGE_CODES = new Set([11, 26]);

/** Whether `node:sqlite` threw this because the file is damaged, or is no database. */
export function isDamage(error: unknown): error is Error {
  const { errcode } = (error ?? {}) as { errcode?: unknown };
  return error instanceof Error && typeof errcode === "number" && DAMAGE_CODES.has(errcode & 0xff);
}
