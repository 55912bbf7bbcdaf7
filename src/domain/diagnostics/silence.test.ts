import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { findSilence, type HourCount } from "./silence.ts";

const HOUR = 60 * 60 * 1000;
const DAY = 24 * HOUR;
/** A Monday, 00:00 UTC. */
const MONDAY = Date.UTC(2026, 5, 1);

/** The active hours of this many days, starting on Monday. */
function hoursOf(
  days: number,
  isActive: (weekday: number, hour: number) => boolean,
  delivered = 4,
): HourCount[] {
  return Array.from({ length: days * 24 }, (_, index) => MONDAY + index * HOUR)
    .filter((at) => isActive((((at - MONDAY) / DAY) % 7) | 0, ((at - MONDAY) / HOUR) % 24))
    .map((hour) => ({ hour, delivered, failed: 0 }));
}

const around = () => true;
const inOfficeHours = (weekday: number, hour: number) => weekday < 5 && hour >= 8 && hour < 18;
const onWeekends = (weekday: number) => weekday >= 5;
const atNight = (_weekday: number, hour: number) => hour === 3;

const last = (hours: readonly HourCount[]) => (hours.at(-1)?.hour ?? 0) + HOUR;
/** The number of idle hours after which a silence is reported; null when none is reported within `hoursMax`. */
function foundAfter(hours: readonly HourCount[], hoursMax = 21 * 24): number | null {
  const silent = Array.from({ length: hoursMax }, (_, index) => index + 1);
  return silent.find((one) => findSilence(hours, last(hours) + one * HOUR) !== null) ?? null;
}

describe("silence", () => {
  it("of a connection used around the clock is reported after a day", () => {
    const hours = hoursOf(21, around, 2);
    assert.equal(foundAfter(hours), 24);
    const silence = findSilence(hours, last(hours) + 3 * DAY);
    assert.equal(silence?.since, hours.at(-1)?.hour);
    assert.equal(Math.round(silence?.eventsPerDay ?? 0), 48);
  });

  it("of a nightly batch is reported after the third missed night, not after the first", () => {
    assert.equal(foundAfter(hoursOf(21, atNight)), 3 * 23);
  });

  it("is not reported at night or on weekends if those were silent before", () => {
    const hours = hoursOf(19, inOfficeHours); // ends on a Friday
    const foundAt = foundAfter(hours);
    assert.ok(foundAt !== null && foundAt > 72 + 14 && foundAt < 9 * 24, String(foundAt));
  });

  it("is not reported on weekdays for a connection used only on weekends", () => {
    const foundAt = foundAfter(hoursOf(28, onWeekends));
    assert.ok(foundAt === null || foundAt > 14 * 24, String(foundAt));
  });

  it("is not reported for a new connection, however busy", () => {
    assert.equal(foundAfter(hoursOf(10, around)), null);
  });

  it("is not reported for a rarely used connection", () => {
    assert.equal(foundAfter(hoursOf(28, (weekday, hour) => weekday === 2 && hour === 9)), null);
    assert.equal(foundAfter([]), null);
  });

  it("is not reported for failures only, nor while attempts continue", () => {
    const failing = hoursOf(21, around).map((hour) => ({ ...hour, delivered: 0, failed: 9 }));
    assert.equal(foundAfter(failing), null);
    const hours = hoursOf(21, around);
    const retried = { hour: last(hours) + 2 * DAY, delivered: 0, failed: 1 };
    assert.equal(findSilence([...hours, retried], last(hours) + 2 * DAY + 2 * HOUR), null);
  });

  it("is never reported before three times the longest pause, nor within a day", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 200 }),
        fc.integer({ min: 0, max: 800 }),
        (gaps, silentHours) => {
          let at = MONDAY;
          const hours = [0, ...gaps].map((gap) => {
            at += gap * HOUR;
            return { hour: at, delivered: 1, failed: 0 };
          });
          const silence = findSilence(hours, last(hours) + silentHours * HOUR);
          if (silence === null) return;
          assert.ok(silentHours >= 24 && silentHours >= (Math.max(...gaps) - 1) * 3);
          assert.ok(silence.eventsPerDay > 0 && Number.isFinite(silence.eventsPerDay));
        },
      ),
    );
  });

  it("does not depend on the order of the hours, nor on hours without attempts", () => {
    const hours = hoursOf(21, inOfficeHours);
    const now = last(hours) + 12 * DAY;
    const found = findSilence(hours, now);
    assert.ok(found);
    const empty = { hour: last(hours) + DAY, delivered: 0, failed: 0 };
    assert.deepEqual(findSilence([empty, ...hours.toReversed()], now), found);
  });

  it("of events at random times is seldom reported", () => {
    let random = 1;
    const next = () => {
      random = (random * 48_271) % 2_147_483_647;
      return random / 2_147_483_647;
    };
    let found = 0;
    for (let run = 0; run < 500; run += 1) {
      let at = MONDAY;
      const hours: HourCount[] = [];
      while (at < MONDAY + 34 * DAY) {
        at += Math.ceil(-Math.log(next()) * 24) * HOUR;
        hours.push({ hour: at, delivered: 1, failed: 0 });
      }
      const pauseMs = Math.ceil(-Math.log(next()) * 24) * HOUR;
      if (findSilence(hours, last(hours) + pauseMs) !== null) found += 1;
    }
    assert.ok(found <= 3, `${found} of 500`);
  });
});
