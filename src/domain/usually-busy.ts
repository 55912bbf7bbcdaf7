const HOUR_MS = 60 * 60 * 1000;
const HOURS_MAX = 24;
const DAYS = 7;
/** Of the last seven days at this time: one that was busy twice may have been so by chance. */
const BUSY_DAYS_MIN = 3;

/**
 * The full hours of a silence, as they were on each of the last seven days: epoch milliseconds of their starts, one list a
 * day. The hours in which it began and in which it is now tell nothing: what came in them on other days may have come
 * before, or come later. Of a silence of more than a day the last 24 hours count.
 */
export function comparedHours(silentSince: number, now: number): readonly (readonly number[])[] {
  const end = now - (now % HOUR_MS);
  const first = Math.max(Math.ceil(silentSince / HOUR_MS) * HOUR_MS, end - HOURS_MAX * HOUR_MS);
  const hours = Array.from({ length: Math.max(0, (end - first) / HOUR_MS) }, (_, i) => first + i * HOUR_MS);
  return Array.from({ length: DAYS }, (_, day) => hours.map((hour) => hour - (day + 1) * 24 * HOUR_MS));
}

/** Whether something usually comes at this time of the day: it came on at least three of the last seven. */
export function isUsuallyBusy(
  busyHours: ReadonlySet<number>,
  compared: readonly (readonly number[])[],
): boolean {
  return compared.filter((hours) => hours.some((hour) => busyHours.has(hour))).length >= BUSY_DAYS_MIN;
}
