import type { Point } from "./points.ts";

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** The round steps of a time axis. */
const TIME_STEPS_MS = [
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE_MS),
  ...[1, 2, 3, 6, 12].map((hours) => hours * HOUR_MS),
  ...[1, 2, 5, 7, 14, 30, 60, 90, 180, 365].map((days) => days * DAY_MS),
];

/** A single failure must be visible, and so must an interval with little traffic next to a busy one. */
const PART_PX_MIN = 1.5;

/** Whole numbers from zero to at least `max`, in at most `stepsMax` equal steps of 1, 2 or 5 times a power of ten. */
export function niceTicks(max: number, stepsMax: number): readonly number[] {
  const rough = Math.max(1, max / stepsMax);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((one) => one * power).find((one) => one >= rough) ?? 10 * power;
  const steps = Math.max(1, Math.ceil(max / step));
  return Array.from({ length: steps + 1 }, (_, index) => index * step);
}

type TimeAxis = {
  readonly fromMs: number;
  readonly toMs: number;
  readonly ticksMax: number;
  /** The offset of local time from UTC at a moment; 0 for an axis in UTC. */
  readonly offsetMs: (at: number) => number;
  /** Every tick is at the start of an interval. */
  readonly intervalMs: number;
};

/** At most `ticksMax` moments that are round on the clock. */
export function timeTicks({
  fromMs,
  toMs,
  ticksMax,
  offsetMs,
  intervalMs,
}: TimeAxis): readonly { at: number; isDay: boolean }[] {
  const rough = Math.max(intervalMs, (toMs - fromMs) / Math.max(1, ticksMax));
  const stepMs = TIME_STEPS_MS.find((one) => one >= rough) ?? rough;
  const ticks = [];
  // Daylight saving can change the offset within the axis, so each tick looks up its own.
  let local = Math.ceil((fromMs + offsetMs(fromMs)) / stepMs) * stepMs;
  for (; ; local += stepMs) {
    const guess = local - offsetMs(local - offsetMs(fromMs));
    if (guess >= toMs) return ticks;
    if (guess >= fromMs) ticks.push({ at: guess, isDay: local % DAY_MS === 0 });
  }
}

/** The heights of a bar's parts in pixels, lowest part first; their sum is proportional to the bar's total. */
export function partHeights(parts: readonly number[], top: number, height: number): readonly number[] {
  const total = parts.reduce((sum, part) => sum + part, 0);
  if (total === 0 || top === 0) return parts.map(() => 0);
  const shares = parts.map((part) => (part / top) * height);
  const raised = shares.map((share, index) => ((parts[index] ?? 0) > 0 ? Math.max(PART_PX_MIN, share) : 0));
  const tooMuch = raised.reduce((sum, one) => sum + one, 0) - Math.max(height, 0);
  if (tooMuch <= 0) return raised;
  const largest = raised.indexOf(Math.max(...raised));
  return raised.map((one, index) => (index === largest ? Math.max(0, one - tooMuch) : one));
}

/** Every interval from the first point to the last; missing ones are zero. */
export function fillGaps(points: readonly Point[], intervalMs: number): readonly Point[] {
  const first = points[0];
  const last = points.at(-1);
  if (first === undefined || last === undefined) return [];
  const known = new Map(points.map((point) => [point.start, point]));
  const length = Math.round((last.start - first.start) / intervalMs) + 1;
  return Array.from({ length }, (_, index) => {
    const start = first.start + index * intervalMs;
    return known.get(start) ?? { start, delivered: 0, failed: 0 };
  });
}
