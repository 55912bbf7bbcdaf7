import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { describeJsonFault } from "./describe-json-fault.ts";

suite("a JSON fault", () => {
  test("is given by line and column, both counted from one", () => {
    assert.equal(
      describeJsonFault('{\n  "secret": oops\n}', 14),
      "The body is not valid JSON: parsing stopped at line 2, column 13.",
    );
    assert.equal(
      describeJsonFault("x", 0),
      "The body is not valid JSON: parsing stopped at line 1, column 1.",
    );
    assert.equal(
      describeJsonFault("[1]\nx", 4),
      "The body is not valid JSON: parsing stopped at line 2, column 1.",
    );
  });

  test("at the end is reported as an early end", () => {
    assert.equal(describeJsonFault("[1,", 3), "The body is not valid JSON: it ends too early.");
    assert.equal(describeJsonFault("", 0), "The body is not valid JSON: it ends too early.");
  });
});
