const UNITS = [
  { unit: "year", ms: 365 * 86_400_000 },
  { unit: "month", ms: 30 * 86_400_000 },
  { unit: "day", ms: 86_400_000 },
  { unit: "hour", ms: 3_600_000 },
  { unit: "minute", ms: 60_000 },
] as const;

const JUST_NOW_MS = 45_000;

const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto", style: "short" });
/** The time zone in which times are shown. */
export type TimeZone = "local" | "utc";

const FULL = { dateStyle: "medium", timeStyle: "long", hourCycle: "h23" } as const;
const absolute = {
  local: new Intl.DateTimeFormat("en", FULL),
  utc: new Intl.DateTimeFormat("en", { ...FULL, timeZone: "UTC" }),
};
const day = new Intl.DateTimeFormat("en", { dateStyle: "medium" });

/** "2 hr. ago", "in 3 days", "just now", relative to `nowMs`. */
export function timeAgo(at: Date, nowMs: number): string {
  const distanceMs = at.getTime() - nowMs;
  if (Math.abs(distanceMs) < JUST_NOW_MS) return "just now";
  const fit = UNITS.find(({ ms }) => Math.abs(distanceMs) >= ms) ?? { unit: "minute", ms: 60_000 };
  const count = Math.round(distanceMs / fit.ms) || Math.sign(distanceMs);
  return relative.format(count, fit.unit);
}

/** The full date and time with its zone: "Nov 28, 2026, 22:04:05 UTC". */
export function absoluteTime(at: Date, zone: TimeZone = "local"): string {
  return absolute[zone].format(at);
}

/** "Nov 28, 14:02": how far back a search went. */
export function searchedTime(at: Date, zone: TimeZone): string {
  const parts = {
    month: "short",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  } as const;
  const words = new Intl.DateTimeFormat("en", {
    ...parts,
    ...(zone === "utc" && { timeZone: "UTC" }),
  }).format(at);
  return zone === "utc" ? `${words} UTC` : words;
}

/** To the millisecond, as in logs: "2026-11-28 22:04:05.123 UTC", or with the offset from UTC at that moment. */
export function exactTime(at: Date, zone: TimeZone): string {
  const aheadMin = zone === "utc" ? 0 : -at.getTimezoneOffset();
  const shown = new Date(at.getTime() + aheadMin * 60_000).toISOString().slice(0, -1).replace("T", " ");
  return `${shown} ${zone === "utc" ? "UTC" : offsetWords(aheadMin)}`;
}

function offsetWords(aheadMin: number): string {
  const two = (value: number) => String(value).padStart(2, "0");
  const distance = Math.abs(aheadMin);
  return `${aheadMin < 0 ? "-" : "+"}${two(Math.floor(distance / 60))}:${two(distance % 60)}`;
}

export function dayOf(at: Date): string {
  return day.format(at);
}
