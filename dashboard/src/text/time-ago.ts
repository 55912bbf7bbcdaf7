const UNITS = [
  { unit: "year", ms: 365 * 86_400_000 },
  { unit: "month", ms: 30 * 86_400_000 },
  { unit: "day", ms: 86_400_000 },
  { unit: "hour", ms: 3_600_000 },
  { unit: "minute", ms: 60_000 },
] as const;

const JUST_NOW_MS = 45_000;

const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto", style: "short" });
const absolute = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "long" });
const day = new Intl.DateTimeFormat("en", { dateStyle: "medium" });

/** "2 hr. ago", "in 3 days", "just now", seen from `nowMs`. */
export function timeAgo(at: Date, nowMs: number): string {
  const distanceMs = at.getTime() - nowMs;
  if (Math.abs(distanceMs) < JUST_NOW_MS) return "just now";
  const fit = UNITS.find(({ ms }) => Math.abs(distanceMs) >= ms) ?? { unit: "minute", ms: 60_000 };
  const count = Math.round(distanceMs / fit.ms) || Math.sign(distanceMs);
  return relative.format(count, fit.unit);
}

/** The full date and time with its zone, for a title. */
export function absoluteTime(at: Date): string {
  return absolute.format(at);
}

export function dayOf(at: Date): string {
  return day.format(at);
}
