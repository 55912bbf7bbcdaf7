/** SQLITE_CONSTRAINT_PRIMARYKEY and SQLITE_CONSTRAINT_UNIQUE (sqlite.org/rescode.html). */
const SQLITE_UNIQUE_ERRORS = new Set([1555, 2067]);
/** unique_violation (PostgreSQL, appendix A). */
const POSTGRES_UNIQUE_VIOLATION = "23505";

/** Whether a statement failed because another row already has this key. */
export function isUniqueViolation(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code, errcode } = error as { code?: unknown; errcode?: unknown };
  return (
    code === POSTGRES_UNIQUE_VIOLATION || (typeof errcode === "number" && SQLITE_UNIQUE_ERRORS.has(errcode))
  );
}
