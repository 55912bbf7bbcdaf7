/**
 * Seconds a `Retry-After` header asks to wait, from seconds or an HTTP date (RFC 9110, 10.2.3); null when it is
 * missing or unreadable, 0 when its date has passed.
 */
export function parseRetryAfter(header: string | undefined, now: number): number | null {
  const text = header?.trim() ?? "";
  if (/^\d{1,9}$/.test(text)) return Number(text);
  if (!/^[A-Za-z]{3,9},? /.test(text)) return null;
  const date = Date.parse(text);
  return Number.isNaN(date) ? null : Math.max(0, Math.ceil((date - now) / 1000));
}
