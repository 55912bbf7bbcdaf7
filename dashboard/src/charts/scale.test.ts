import assert from "node:assert/strict";
import { test } from "node:test";
import { intervalWords, tickWords } from "./interval-words.ts";
import { fillGaps, niceTicks, partHeights, timeTicks } from "./scale.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const at = (time: string) => Date.parse(`2026-06-06T${time}:00.000Z`);

test("axis ticks are round whole numbers that reach the largest value", () => {
  assert.deepEqual(niceTicks(0, 3), [0, 1]);
  assert.deepEqual(niceTicks(1, 3), [0, 1]);
  assert.deepEqual(niceTicks(7, 3), [0, 5, 10]);
  assert.deepEqual(niceTicks(1204, 3), [0, 500, 1000, 1500]);
  assert.deepEqual(niceTicks(3, 3), [0, 1, 2, 3]);
  for (const max of [1, 2, 9, 10, 11, 99, 4_217, 1_000_000]) {
    const ticks = niceTicks(max, 3);
    assert.ok((ticks.at(-1) ?? 0) >= max && ticks.length <= 5, `${max}: ${ticks}`);
  }
});

test("time ticks are round in the zone that is shown", () => {
  const axis = { fromMs: at("10:07"), toMs: at("11:07"), ticksMax: 6, intervalMs: MINUTE };
  const utc = timeTicks({ ...axis, offsetMs: () => 0 });
  assert.deepEqual(
    utc.map((tick) => tick.at),
    ["10:10", "10:20", "10:30", "10:40", "10:50", "11:00"].map(at),
  );
  const day = { fromMs: at("00:30"), toMs: at("23:30"), ticksMax: 4, intervalMs: HOUR };
  const india = timeTicks({ ...day, offsetMs: () => 5.5 * HOUR });
  assert.deepEqual(
    india.map((tick) => [tick.at, tick.isDay]),
    [
      [at("00:30"), false],
      [at("06:30"), false],
      [at("12:30"), false],
      [at("18:30"), true],
    ],
  );
});

test("a tick keeps its hour across a daylight saving change", () => {
  const change = at("06:00");
  const offsetMs = (moment: number) => (moment < change ? HOUR : 2 * HOUR);
  const ticks = timeTicks({
    fromMs: at("00:00"),
    toMs: at("12:00"),
    ticksMax: 4,
    intervalMs: HOUR,
    offsetMs,
  });
  for (const tick of ticks) assert.equal((tick.at + offsetMs(tick.at)) % (3 * HOUR), 0);
});

test("a share of 20 % takes 20 % of the bar, and one failure among many is visible", () => {
  assert.deepEqual(partHeights([80, 20], 100, 100), [80, 20]);
  assert.deepEqual(partHeights([8, 2], 100, 100), [8, 2]);
  const [delivered = 0, failed = 0] = partHeights([999_999, 1], 1_000_000, 100);
  assert.equal(failed, 1.5);
  assert.equal(delivered + failed, 100);
  assert.deepEqual(partHeights([0, 0], 100, 100), [0, 0]);
  assert.deepEqual(partHeights([0, 0], 0, 100), [0, 0]);
});

test("an interval without a point is zero", () => {
  const points = [
    { start: 0, delivered: 1, failed: 0 },
    { start: 3 * MINUTE, delivered: 0, failed: 2 },
  ];
  assert.deepEqual(
    fillGaps(points, MINUTE).map(({ start, delivered, failed }) => [start / MINUTE, delivered, failed]),
    [
      [0, 1, 0],
      [1, 0, 0],
      [2, 0, 0],
      [3, 0, 2],
    ],
  );
  assert.deepEqual(fillGaps([], MINUTE), []);
});

test("an interval is labeled with its day", () => {
  assert.equal(intervalWords(at("22:04"), at("22:05"), true), "Jun 6, 22:04 to 22:05");
  assert.equal(intervalWords(at("23:00"), at("23:00") + HOUR, true), "Jun 6, 23:00 to Jun 7, 00:00");
  assert.equal(intervalWords(at("00:00"), at("00:00") + 24 * HOUR, true), "Jun 6");
  assert.equal(intervalWords(at("00:00"), at("00:00") + 48 * HOUR, true), "Jun 6 to Jun 7");
  assert.equal(tickWords(at("00:00"), true, true), "Jun 6");
  assert.equal(tickWords(at("09:05"), false, true), "09:05");
});
