/** All three forms of an HTTP date (RFC 9110, 5.6.7) begin with the day's name and contain a time of day. */
const HTTP_DATE = /^[A-Za-z]{3,9},? .*\d{2}:\d{2}:\d{2}/;
/** The oldest form, asctime's, ends with the year. It is UTC as well, but `Date.parse` would read it as local time. */
const WITHOUT_ZONE = / \d{4}$/;
/** Many receivers write a fraction or the unit, though RFC 9110 has neither. */
const SECONDS = /^(\d+(?:\.\d*)?) ?s?$/i;
/** Values separated by commas, except for the comma after a day's name. */
const VALUES = /\s*(?:[A-Za-z]{3,9},(?= ?\d))?[^,]+/g;

/**
 * Seconds a `Retry-After` header asks to wait, from seconds or an HTTP date (RFC 9110, 10.2.3); null when it is missing
 * or unreadable, 0 when its date has passed. A repeated header asks for its longest wait.
 */
export function parseRetryAfter(header: string | undefined, now: number): number | null {
  const waits = (header?.match(VALUES) ?? []).flatMap((value) => parseValue(value.trim(), now) ?? []);
  return waits.length === 0 ? null : Math.max(...waits);
}

function parseValue(text: string, now: number): number | null {
  const seconds = SECONDS.exec(text)?.[1];
  if (seconds !== undefined) return Math.min(Math.ceil(Number(seconds)), Number.MAX_SAFE_INTEGER);
  if (!HTTP_DATE.test(text)) return null;
  const date = Date.parse(WITHOUT_ZONE.test(text) ? `${text} GMT` : text);
  return Number.isNaN(date) ? null : Math.max(0, Math.ceil((date - now) / 1000));
}
