import pg from "pg";
import { DatabaseError, type DatabaseErrorKind } from "../database-error.ts";

/** unique_violation (PostgreSQL, appendix A). */
const UNIQUE_VIOLATION = "23505";
/** serialization_failure, deadlock_detected. */
const CONFLICTS = new Set(["40001", "40P01"]);
/** Data exceptions, integrity constraints, limits of the program such as the length of an index row. */
const DATA = /^(?:22|23|54)/;
/**
 * Connection exceptions, insufficient resources, operator intervention; a lock that was not to be had in time; a
 * transaction ended for idling; a server that only reads, as one has that another takes over from.
 */
const UNAVAILABLE = /^(?:08|53|57P|55P03|25P03|25006)/;

/**
 * What a query ended in, classed by its SQLSTATE. An error without one did not come from the server: the connection was
 * cut, or the response did not come in time. Mistakes of ours in writing a query stay as they are.
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
