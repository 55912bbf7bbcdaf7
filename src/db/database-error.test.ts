import assert from "node:assert/strict";
import { describe, it } from "node:test";
import pg from "pg";
import { isConflict, isDatabaseUnavailable, isUniqueViolation } from "./database-error.ts";
import { classifyPostgresError } from "./postgres/classify-error.ts";
import { classifySqliteError } from "./sqlite/classify-error.ts";

function ofServer(code: string): unknown {
  return classifyPostgresError(Object.assign(new pg.DatabaseError("failed", 0, "error"), { code }));
}

function ofSqlite(errcode: number): unknown {
  return classifySqliteError(
    Object.assign(new Error("failed"), { code: "ERR_SQLITE_ERROR", errcode }),
    "x.db",
  );
}

describe("a database error", () => {
  it("reports that the database is unavailable, full or locked", () => {
    for (const code of ["57P01", "57P02", "53100", "53300", "08006", "55P03", "25P03"]) {
      assert.ok(isDatabaseUnavailable(ofServer(code)), code);
    }
    for (const errcode of [5, 10, 13, 778, 3338])
      assert.ok(isDatabaseUnavailable(ofSqlite(errcode)), String(errcode));
  });

  it("from the client side means a lost connection, whatever the message", () => {
    for (const message of ["Connection terminated unexpectedly", "Query read timeout", "any other words"]) {
      assert.ok(isDatabaseUnavailable(classifyPostgresError(new Error(message))), message);
    }
  });

  it("reports that transactions waited for each other", () => {
    for (const code of ["40P01", "40001"]) assert.ok(isConflict(ofServer(code)), code);
  });

  it("reports that a key is taken", () => {
    assert.ok(isUniqueViolation(ofServer("23505")));
    for (const errcode of [1555, 2067]) assert.ok(isUniqueViolation(ofSqlite(errcode)), String(errcode));
  });

  it("reports none of these for a faulty statement or program", () => {
    const faults = [
      ofServer("42601"),
      ofSqlite(1),
      classifyPostgresError(new TypeError("x is no function")),
      classifySqliteError(new Error("no code"), "x.db"),
      "57P01",
    ];
    for (const fault of faults) {
      assert.ok(
        !isDatabaseUnavailable(fault) && !isConflict(fault) && !isUniqueViolation(fault),
        String(fault),
      );
    }
  });
});
