/** What the operating system says of a connection that is not there (errno). */
const SYSTEM_CODES = new Set(["ECONNREFUSED", "ECONNRESET", "EPIPE", "ETIMEDOUT", "ENOENT"]);
/**
 * PostgreSQL, appendix A: connection exceptions, insufficient resources, operator intervention; deadlocks and locks that
 * were not to be had in time; a transaction ended for idling.
 */
const POSTGRES_CLASSES = /^(?:08|53|57P|40P01|55P03|25P03)/;
/** The driver's own failures have no code. */
const DRIVER_MESSAGES =
  /^(?:Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Query read timeout)/;
/** SQLITE_BUSY, SQLITE_IOERR, SQLITE_FULL, SQLITE_CANTOPEN (sqlite.org/rescode.html); the low byte of extended codes. */
const SQLITE_CODES = new Set([5, 10, 13, 14]);

/**
 * Whether the database could not do its work for now: it is away, full or locked. No statement of ours is the cause, and
 * trying again later may help.
 */
export function isDatabaseUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code, errcode } = error as { code?: unknown; errcode?: unknown };
  if (typeof errcode === "number") return SQLITE_CODES.has(errcode & 0xff);
  if (typeof code === "string" && (SYSTEM_CODES.has(code) || POSTGRES_CLASSES.test(code))) return true;
  return DRIVER_MESSAGES.test(error.message);
}
