import type { TimeZone } from "./time-ago.ts";

const CLOCK = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" } as const;
const DATE = { month: "short", day: "numeric" } as const;

/** A moment in the past: "22:04" on the same day, "Nov 27, 22:04" in the same year, otherwise "Nov 27, 2025". */
export function pastTime(at: Date, nowMs: number, zone: TimeZone): string {
  const timeZone = zone === "utc" ? { timeZone: "UTC" } : {};
  const words = (moment: Date, parts: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat("en", { ...parts, ...timeZone }).format(moment);
  const dayOf = (moment: Date) => words(moment, { ...DATE, year: "numeric" });
  const yearOf = (moment: Date) => words(moment, { year: "numeric" });
  const now = new Date(nowMs);
  const suffix = zone === "utc" ? " UTC" : "";
  if (dayOf(at) === dayOf(now)) return words(at, CLOCK) + suffix;
  if (yearOf(at) === yearOf(now)) return words(at, { ...DATE, ...CLOCK }) + suffix;
  return words(at, { ...DATE, year: "numeric" });
}
