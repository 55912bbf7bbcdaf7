import assert from "node:assert/strict";
import { after, before, suite, test } from "node:test";
import fc from "fast-check";
import { parseRetryAfter } from "./retry-after.ts";

const NOW = Date.parse("2026-06-06T00:00:00.000Z");

suite("Retry-After", () => {
  const zone = process.env["TZ"];
  // An HTTP date is UTC wherever the server runs.
  before(() => {
    process.env["TZ"] = "America/New_York";
  });
  after(() => {
    if (zone === undefined) delete process.env["TZ"];
    else process.env["TZ"] = zone;
  });

  const ROWS: readonly [header: string | undefined, seconds: number | null][] = [
    ["120", 120],
    [" 120 ", 120],
    ["0", 0],
    ["999999999", 999_999_999],
    ["Sat, 06 Jun 2026 00:01:30 GMT", 90],
    ["Saturday, 06-Jun-26 00:01:30 GMT", 90],
    ["Sat Jun  6 00:01:30 2026", 90],
    ["Sat, 06 Jun 2026 00:00:00 GMT", 0],
    ["Fri, 05 Jun 2026 23:59:59 GMT", 0],
    ["Sun, 06 Nov 1994 08:49:37 GMT", 0],
    [undefined, null],
    ["", null],
    ["   ", null],
    ["-5", null],
    ["1.5", 2],
    ["120.0", 120],
    ["120.", 120],
    ["120s", 120],
    ["120 s", 120],
    ["120S", 120],
    ["9999999999", 9_999_999_999],
    ["9".repeat(400), Number.MAX_SAFE_INTEGER],
    ["120, 60", 120],
    ["60,120", 120],
    ["60, soon, 30", 60],
    ["soon, later", null],
    ["60, Sat, 06 Jun 2026 00:01:30 GMT", 90],
    ["Sat, 06 Jun 2026 00:01:30 GMT, 60", 90],
    ["Saturday, 06-Jun-26 00:01:30 GMT, Fri, 05 Jun 2026 23:59:59 GMT", 90],
    ["Sat Jun  6 00:01:30 2026, 20", 90],
    ["Sat, 06 Jun 2026 00:00:10 GMT, Sat, 06 Jun 2026 00:00:20 GMT", 20],
    [",", null],
    [", 60,", 60],
    ["120ms", null],
    ["s", null],
    [".5", null],
    ["1e3", null],
    ["0x10", null],
    ["10 seconds", null],
    ["soon", null],
    ["try later 7", null],
    ["soon 10:00:00", null],
    ["Sat, 32 Jun 2026 00:00:00 GMT", null],
    ["2026-06-06T00:01:30Z", null],
  ];

  for (const [header, seconds] of ROWS) {
    test(`${header === undefined ? "left out" : `"${header}"`} asks for ${seconds} s`, () => {
      assert.equal(parseRetryAfter(header, NOW), seconds);
    });
  }

  test("rounds part of a second up", () => {
    assert.equal(parseRetryAfter("Sat, 06 Jun 2026 00:00:10 GMT", NOW + 1), 10);
  });

  test("is null or a whole number of seconds, never negative, whatever the header", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.date({ noInvalidDate: true }).map(String)), (header) => {
        const seconds = parseRetryAfter(header, NOW);
        assert.ok(seconds === null || (Number.isInteger(seconds) && seconds >= 0), String(seconds));
      }),
    );
  });
});
