const HOUR_MS = 60 * 60 * 1000;
const HOURS_MAX = 24;
const DAYS = 7;
/** Busy days required among the last seven: two could be chance. */
const BUSY_DAYS_MIN = 3;

/**
 * The full hours of a silence on each of the last seven days: epoch milliseconds of their starts, one list per day. The
 * hours in which the silence began and in which it is now are left out: on other days, activity in them may lie outside
 * the silence. Of a silence of more than a day only the last 24 hours count.
 */
export function comparedHours(silentSince: number, now: number): readonly (readonly number[])[] {
  const end = now - (now % HOUR_MS);
  const first = Math.max(Math.ceil(silentSince / HOUR_MS) * HOUR_MS, end - HOURS_MAX * HOUR_MS);
  const hours = Array.from({ length: Math.max(0, (end - first) / HOUR_MS) }, (_, i) => first + i * HOUR_MS);
  return Array.from({ length: DAYS }, (_, day) => hours.map((hour) => hour - (day + 1) * 24 * HOUR_MS));
}

/** Whether activity is usual at this time of day: there was some on at least three of the last seven days. */
export function isUsuallyBusy(
  busyHours: ReadonlySet<number>,
  compared: readonly (readonly number[])[],
): boolean {
  return compared.filter((hours) => hours.some((hour) => busyHours.has(hour))).length >= BUSY_DAYS_MIN;
}
