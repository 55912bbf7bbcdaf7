import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { UsageError } from "../command-error.ts";
import { readEventTypes, readLimit, readTime, requireUuid } from "./read-option.ts";

const NOW = Date.parse("2026-06-06T12:00:00.000Z");

describe("readTime", () => {
  for (const [text, expected] of [
    [undefined, undefined],
    ["30s", "2026-06-06T11:59:30.000Z"],
    ["15m", "2026-06-06T11:45:00.000Z"],
    ["2h", "2026-06-06T10:00:00.000Z"],
    ["7d", "2026-05-30T12:00:00.000Z"],
    ["999999d", "1970-01-01T00:00:00.000Z"],
    ["2026-06-06T08:00:00+02:00", "2026-06-06T06:00:00.000Z"],
  ] as const) {
    it(`accepts ${text}`, () => assert.equal(readTime("--since", text, NOW), expected));
  }

  for (const text of ["", "yesterday", "5", "-1h", "1w", "2026-06-06", "2026-99-06T00:00:00Z"]) {
    it(`refuses "${text}" and names the option`, () => {
      assert.throws(
        () => readTime("--since", text, NOW),
        (error: Error) => error instanceof UsageError && /^--since must be/.test(error.message),
      );
    });
  }
});

describe("readLimit", () => {
  it("accepts whole numbers", () => assert.deepEqual([readLimit("1"), readLimit("100000")], [1, 100_000]));
  for (const text of ["0", "-1", "1e3", "100001", "ten", ""]) {
    it(`refuses "${text}"`, () => assert.throws(() => readLimit(text), UsageError));
  }
});

describe("readEventTypes", () => {
  it("splits at commas and removes duplicates", () => {
    assert.deepEqual(readEventTypes("--type", "order.*, user.created,order.*"), ["order.*", "user.created"]);
  });
  for (const text of ["", ",", "order.**", "a b", "order.*,"]) {
    it(`refuses "${text}"`, () => assert.throws(() => readEventTypes("--type", text), UsageError));
  }
});

describe("requireUuid", () => {
  it("accepts an id in upper or lower case", () => {
    const id = "0198C5F2-7c1e-7a54-9d3e-5b1f0c2a7e11";
    assert.equal(requireUuid("The id", id), id.toLowerCase());
  });
  it("refuses anything else without repeating it", () => {
    assert.throws(
      () => requireUuid("The id", "https://hooks.example.com/secret"),
      (error: Error) => error instanceof UsageError && !error.message.includes("secret"),
    );
  });
});
