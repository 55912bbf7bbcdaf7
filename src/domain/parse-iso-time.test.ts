import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { parseIsoTime } from "./parse-iso-time.ts";

suite("an ISO time", () => {
  const READ: readonly [text: string, time: number][] = [
    ["2026-06-06T12:00:00Z", Date.UTC(2026, 5, 6, 12)],
    ["2026-06-06T12:00Z", Date.UTC(2026, 5, 6, 12)],
    ["2026-06-06T12:00:00.5Z", Date.UTC(2026, 5, 6, 12, 0, 0, 500)],
    ["2026-06-06T12:00:00.123999999Z", Date.UTC(2026, 5, 6, 12, 0, 0, 123)],
    ["2026-06-06T12:00:00+02:00", Date.UTC(2026, 5, 6, 10)],
    ["2026-06-06T12:00:00-05:30", Date.UTC(2026, 5, 6, 17, 30)],
    ["2026-01-01T00:00:00+14:00", Date.UTC(2025, 11, 31, 10)],
    ["2024-02-29T23:59:59Z", Date.UTC(2024, 1, 29, 23, 59, 59)],
    ["1969-12-31T23:59:59Z", -1000],
  ];
  for (const [text, time] of READ) {
    test(`can be ${text}`, () => assert.equal(parseIsoTime(text), time));
  }

  const REFUSED = [
    "",
    "now",
    "1780747200",
    "2026-06-06",
    "2026-06-06T12:00:00",
    "2026-06-06 12:00:00Z",
    "2026-06-06T12Z",
    "2026-06-06T12:00:00+02",
    "2026-06-06T12:00:00+0200",
    "2026-06-06T12:00:00+24:00",
    "2026-06-06T12:00:00.Z",
    "2026-06-06T24:00:00Z",
    "2026-06-06T12:60:00Z",
    "2026-06-06T12:00:60Z",
    "2026-13-01T00:00:00Z",
    "2026-00-01T00:00:00Z",
    "2026-02-29T00:00:00Z",
    "2026-04-31T00:00:00Z",
    "2026-06-00T00:00:00Z",
    "2026-06-32T00:00:00Z",
    "+002026-06-06T12:00:00Z",
    "26-06-06T12:00:00Z",
    "2026-06-06T12:00:00Z\n",
    " 2026-06-06T12:00:00Z",
    "Sat, 06 Jun 2026 12:00:00 GMT",
  ];
  for (const text of REFUSED) {
    test(`is not ${JSON.stringify(text)}`, () => assert.equal(parseIsoTime(text), null));
  }

  test("is read back from the output of a Date", () => {
    const date = fc.date({
      min: new Date("0000-01-01T00:00:00Z"),
      max: new Date("9999-12-31T23:59:59.999Z"),
      noInvalidDate: true,
    });
    fc.assert(fc.property(date, (time) => assert.equal(parseIsoTime(time.toISOString()), time.getTime())));
  });
});
