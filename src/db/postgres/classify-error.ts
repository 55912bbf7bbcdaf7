import pg from "pg";
import { DatabaseError, type DatabaseErrorKind } from "../database-error.ts";

/** unique_violation (PostgreSQL, appendix A). */
const UNIQUE_VIOLATION = "23505";
/** serialization_failure, deadlock_detected. */
const CONFLICTS = new Set(["40001", "40P01"]);
/** Data exceptions, integrity constraints, and program limits such as the length of an index row. */
const DATA = /^(?:22|23|54)/;
/**
 * Connection exceptions, insufficient resources, operator intervention; a lock not acquired in time; a transaction
 * ended for idling; a read-only server, such as the old primary after a failover.
 */
const UNAVAILABLE = /^(?:08|53|57P|55P03|25P03|25006)/;

/**
 * Classifies a query's error by its SQLSTATE. An error without one did not come from the server: the connection was
 * cut, or the response was late. Errors in how our code calls the driver stay unchanged.
 */
export function classifyPostgresError(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof DatabaseError) return error;
  if (error instanceof TypeError || error instanceof RangeError) return error;
  if (error instanceof pg.DatabaseError) return new DatabaseError(kindOf(error.code ?? ""), error);
  return new DatabaseError("unavailable", error);
}

function kindOf(code: string): DatabaseErrorKind {
  if (code === UNIQUE_VIOLATION) return "unique";
  if (CONFLICTS.has(code)) return "conflict";
  if (DATA.test(code)) return "data";
  return UNAVAILABLE.test(code) ? "unavailable" : "other";
}
