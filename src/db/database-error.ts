/**
 * - `unavailable`: the database is down, full or overloaded; no statement is the cause, and trying later may help.
 * - `conflict`: the database aborted one of several transactions that waited for each other; running it again helps.
 * - `unique`: another row has this key.
 * - `data`: the database refuses a value; other rows are not affected.
 * - `other`: the database refuses the statement, whatever its values: a missing column, a missing privilege.
 */
export type DatabaseErrorKind = "unavailable" | "conflict" | "unique" | "data" | "other";

/** A statement that failed, classified by the driver's adapter. The message is the database's own. */
export class DatabaseError extends Error {
  override readonly name: string = "DatabaseError";
  readonly kind: DatabaseErrorKind;

  constructor(kind: DatabaseErrorKind, cause: Error, message = cause.message) {
    super(message, { cause });
    this.kind = kind;
  }
}

function isOfKind(error: unknown, kind: DatabaseErrorKind): boolean {
  return error instanceof DatabaseError && error.kind === kind;
}

export function isDatabaseUnavailable(error: unknown): boolean {
  return isOfKind(error, "unavailable");
}

export function isConflict(error: unknown): boolean {
  return isOfKind(error, "conflict");
}

export function isUniqueViolation(error: unknown): boolean {
  return isOfKind(error, "unique");
}

/** Whether the database itself fails, for any caller: neither a caller's data nor another transaction is the cause. */
export function isDatabaseFault(error: unknown): boolean {
  return isOfKind(error, "unavailable") || isOfKind(error, "other");
}
