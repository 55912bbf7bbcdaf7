/** A header that a connection's owner adds to its requests. The value is a credential: sealed and never shown again. */
export type CustomHeader = { readonly name: string; readonly value: string };

/** Headers to set, or to remove when the value is null. Null instead of a list removes all (RFC 7396). */
export type HeaderChanges = readonly { readonly name: string; readonly value: string | null }[] | null;

export const HEADERS_MAX = 20;
/** Limit per change: enough to replace every header with another one. */
export const HEADER_CHANGES_MAX = 2 * HEADERS_MAX;
export const HEADER_NAME_LENGTH_MAX = 100;
/** Web servers limit one line to 8 KiB. */
export const HEADER_VALUE_LENGTH_MAX = 4096;
/**
 * Limit for all names and values: with OpenSend's own headers they stay below the 16 KiB that Node accepts in a
 * request.
 */
export const HEADERS_BYTES_MAX = 8192;

/** RFC 9110, section 5.6.2. */
export const HEADER_NAME_PATTERN = "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$";
const NAME = new RegExp(HEADER_NAME_PATTERN);
/** RFC 9110, section 5.5, without `obs-text`, which receivers read in different encodings. */
export const HEADER_VALUE_PATTERN = "^[\\x21-\\x7e](?:[\\t\\x20-\\x7e]*[\\x21-\\x7e])?$";
const VALUE = new RegExp(HEADER_VALUE_PATTERN);

/** Hop-by-hop headers (RFC 9110, section 7.6.1), and those that OpenSend writes itself. */
const REFUSED: ReadonlySet<string> = new Set([
  "connection",
  "expect",
  "host",
  "http2-settings",
  "keep-alive",
  "te",
  "traceparent",
  "tracestate",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "user-agent",
]);
const REFUSED_PREFIXES = ["content-", "proxy-", "webhook-", "x-opensend-"];

/** The fault in a header's name, or null. Never repeats the name, which can be a whole line with the value. */
export function findHeaderNameFault(name: string): string | null {
  if (name.length > HEADER_NAME_LENGTH_MAX) {
    return `A header name may have at most ${HEADER_NAME_LENGTH_MAX} characters.`;
  }
  if (!NAME.test(name)) {
    return "A header name has letters, digits and the marks ! # $ % & ' * + - . ^ _ ` | ~ only. Write it without the colon and the value.";
  }
  // JavaScript treats an object's member of this name differently from all others.
  if (name === "__proto__") return "This header name is not supported. Choose another one.";
  const folded = name.toLowerCase();
  if (REFUSED.has(folded) || REFUSED_PREFIXES.some((prefix) => folded.startsWith(prefix))) {
    return "OpenSend writes this header itself, or HTTP does not let it be set. Choose another one.";
  }
  return null;
}

/** The fault in a header's value, or null. Never repeats the value. */
export function findHeaderValueFault(value: string): string | null {
  if (value === "") return "Must not be empty. To remove the header, send null.";
  if (value.length > HEADER_VALUE_LENGTH_MAX) {
    return `Must have at most ${HEADER_VALUE_LENGTH_MAX} characters.`;
  }
  if (VALUE.test(value)) return null;
  return "Must be visible ASCII characters, with spaces or tabs only between them. Encode others, for example as base64.";
}

/** The fault in a connection's headers as a whole, or null. */
export function findHeadersFault(headers: readonly CustomHeader[]): string | null {
  if (headers.length > HEADERS_MAX) return `At most ${HEADERS_MAX} headers per connection.`;
  const bytes = headers.reduce((sum, { name, value }) => sum + name.length + value.length, 0);
  if (bytes <= HEADERS_BYTES_MAX) return null;
  return `Names and values together may have at most ${HEADERS_BYTES_MAX} characters.`;
}

/** The headers after a change. Names are compared without case and keep their latest spelling. */
export function changeHeaders(
  before: readonly CustomHeader[],
  changes: HeaderChanges,
): readonly CustomHeader[] {
  if (changes === null) return [];
  const byName = new Map(before.map((header) => [header.name.toLowerCase(), header]));
  for (const { name, value } of changes) {
    if (value === null) byName.delete(name.toLowerCase());
    else byName.set(name.toLowerCase(), { name, value });
  }
  return [...byName].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, header]) => header);
}

/** Whether a change sets or removes each of these headers. */
export function namesAll(changes: HeaderChanges, names: readonly string[]): boolean {
  if (changes === null) return true;
  const named = new Set(changes.map(({ name }) => name.toLowerCase()));
  return names.every((name) => named.has(name.toLowerCase()));
}

export const REDACTED_VALUE = "[redacted]";

/** Headers for storage and display: the values of sealed ones are redacted. */
export function redactHeaders(
  headers: Readonly<Record<string, string>>,
  sealedNames: readonly string[],
): Readonly<Record<string, string>> {
  if (sealedNames.length === 0) return headers;
  const shown = new Map(Object.entries(headers));
  for (const name of sealedNames) if (shown.has(name)) shown.set(name, REDACTED_VALUE);
  return Object.fromEntries(shown);
}
