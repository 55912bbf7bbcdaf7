import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { comparedHours, isUsuallyBusy } from "./usually-busy.ts";

const HOUR = 60 * 60 * 1000;
const DAY = 24 * HOUR;
const at = (time: string) => Date.parse(`2026-06-06T${time}:00Z`);

/** The active hours: these hours on each of the last `days` days. */
function busy(days: number, ...hours: string[]): ReadonlySet<number> {
  return new Set(
    hours.flatMap((hour) => Array.from({ length: days }, (_, day) => at(hour) - (day + 1) * DAY)),
  );
}

function isMissed(hours: ReadonlySet<number>, silentSince: number, now: number): boolean {
  return isUsuallyBusy(hours, comparedHours(silentSince, now));
}

suite("a silence", () => {
  test("is unusual if its hours were active on three of the last seven days", () => {
    assert.equal(isMissed(busy(3, "10:00"), at("09:40"), at("11:05")), true);
    assert.equal(isMissed(busy(2, "10:00"), at("09:40"), at("11:05")), false);
  });

  test("is not unusual after the hour in which business ends, nor before the one in which it begins", () => {
    const office = busy(7, "08:00", "12:00", "18:00");
    assert.equal(isMissed(office, at("18:03"), at("19:30")), false);
    assert.equal(isMissed(office, at("18:03") - DAY, at("08:10")), false);
    assert.equal(isMissed(office, at("18:03") - DAY, at("09:05")), true);
  });

  test("is not compared before it has lasted a full hour", () => {
    assert.deepEqual(
      comparedHours(at("10:10"), at("11:50")),
      Array.from({ length: 7 }, () => []),
    );
  });

  test("of weeks is compared by its last 24 hours", () => {
    const [yesterday] = comparedHours(at("10:10") - 60 * DAY, at("11:50"));
    assert.equal(yesterday?.length, 24);
    assert.equal(yesterday?.at(-1), at("10:00") - DAY);
  });

  test("is never unusual without earlier activity", () => {
    assert.equal(isMissed(new Set(), 0, at("12:00")), false);
  });
});
