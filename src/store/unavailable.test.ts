import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { isDatabaseUnavailable } from "./unavailable.ts";

const error = (fields: object, message = "failed") => Object.assign(new Error(message), fields);

describe("isDatabaseUnavailable", () => {
  it("knows a database that is away, full or locked", () => {
    for (const code of ["ECONNREFUSED", "ECONNRESET", "57P01", "57P02", "53100", "53300", "08006"]) {
      assert.ok(isDatabaseUnavailable(error({ code })), code);
    }
    for (const errcode of [5, 10, 13, 778, 3338]) {
      assert.ok(isDatabaseUnavailable(error({ code: "ERR_SQLITE_ERROR", errcode })), String(errcode));
    }
    assert.ok(isDatabaseUnavailable(error({}, "Connection terminated unexpectedly")));
  });

  it("takes no fault of a statement for it", () => {
    for (const fields of [{ code: "23505" }, { code: "42601" }, { errcode: 1 }, { errcode: 2067 }, {}]) {
      assert.ok(!isDatabaseUnavailable(error(fields)), JSON.stringify(fields));
    }
    assert.ok(!isDatabaseUnavailable("57P01"));
  });
});
