/** The three forms of a date in HTTP (RFC 9110, section 5.6.7). */
const DATES: readonly RegExp[] = [
  /^\w{3}, (?<day>\d\d) (?<month>\w{3}) (?<year>\d{4}) (?<time>\d\d:\d\d:\d\d) GMT$/,
  /^\w+, (?<day>\d\d)-(?<month>\w{3})-(?<year>\d\d) (?<time>\d\d:\d\d:\d\d) GMT$/,
  /^\w{3} (?<month>\w{3}) (?<day>[ \d]\d) (?<time>\d\d:\d\d:\d\d) (?<year>\d{4})$/,
];
/** Two-digit years from this one on belong to the 1900s. */
const CENTURY_FROM = 70;

/** The seconds in a Retry-After header (RFC 9110, section 10.2.3); null if it is missing or malformed. */
export function readRetryAfter(value: string | null, nowMs: number): number | null {
  const text = value?.trim() ?? "";
  if (/^\d{1,10}$/.test(text)) return Number(text);
  for (const pattern of DATES) {
    const { day, month, year = "", time } = pattern.exec(text)?.groups ?? {};
    if (day === undefined) continue;
    const century = year.length === 4 ? "" : Number(year) < CENTURY_FROM ? "20" : "19";
    const at = Date.parse(`${day.trim()} ${month} ${century}${year} ${time} GMT`);
    return Number.isNaN(at) ? null : Math.max(0, Math.ceil((at - nowMs) / 1000));
  }
  return null;
}
