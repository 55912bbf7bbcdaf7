/** The three forms of an HTTP date (RFC 9110, 5.6.7) have a day's name first and a time of day. */
const HTTP_DATE = /^[A-Za-z]{3,9},? .*\d{2}:\d{2}:\d{2}/;
/** The oldest form, asctime's, ends with the year. It is UTC as well, but `Date.parse` would take it as local. */
const WITHOUT_ZONE = / \d{4}$/;

/**
 * Seconds a `Retry-After` header asks to wait, from seconds or an HTTP date (RFC 9110, 10.2.3); null when it is
 * missing or unreadable, 0 when its date has passed.
 */
export function parseRetryAfter(header: string | undefined, now: number): number | null {
  const text = header?.trim() ?? "";
  if (/^\d{1,9}$/.test(text)) return Number(text);
  if (!HTTP_DATE.test(text)) return null;
  const date = Date.parse(WITHOUT_ZONE.test(text) ? `${text} GMT` : text);
  return Number.isNaN(date) ? null : Math.max(0, Math.ceil((date - now) / 1000));
}
