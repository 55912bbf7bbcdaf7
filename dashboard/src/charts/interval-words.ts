const DAY_MS = 86_400_000;

/** Statistics count days in UTC, so daily intervals are always shown in UTC. */
export function isUtcInterval(intervalMs: number): boolean {
  return intervalMs % DAY_MS === 0;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function format(name: "time" | "day" | "full", zone: "UTC" | undefined): Intl.DateTimeFormat {
  const key = `${name} ${zone}`;
  let known = formats.get(key);
  if (known === undefined) {
    const day = { day: "numeric", month: "short" } as const;
    const time = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" } as const;
    const parts = { time, day, full: { ...day, ...time } }[name];
    known = new Intl.DateTimeFormat("en", { ...parts, ...(zone && { timeZone: zone }) });
    formats.set(key, known);
  }
  return known;
}

/** The offset of local time from UTC at a moment. */
export function localOffsetMs(at: number): number {
  return -new Date(at).getTimezoneOffset() * 60_000;
}

/** "22:05", or "Nov 28" at the start of a day. */
export function tickWords(at: number, isDay: boolean, isUtc: boolean): string {
  return format(isDay ? "day" : "time", isUtc ? "UTC" : undefined).format(at);
}

/** "Nov 28, 22:04 to 22:05", in local time or in UTC; "Nov 28 to Nov 30" for whole days. */
export function intervalWords(fromMs: number, toMs: number, isUtc: boolean): string {
  const zone = isUtc ? "UTC" : undefined;
  const day = format("day", zone);
  const isWholeDays = isUtc && fromMs % DAY_MS === 0 && toMs % DAY_MS === 0;
  if (isWholeDays) {
    const lastDay = day.format(toMs - DAY_MS);
    return day.format(fromMs) === lastDay ? lastDay : `${day.format(fromMs)} to ${lastDay}`;
  }
  const isOneDay = day.format(fromMs) === day.format(toMs);
  const end = format(isOneDay ? "time" : "full", zone).format(toMs);
  return `${format("full", zone).format(fromMs)} to ${end}`;
}
