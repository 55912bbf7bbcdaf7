/** A header that a connection's owner adds to its requests. The value is a credential: sealed, and never shown again. */
export type CustomHeader = { readonly name: string; readonly value: string };

/** Headers to set, and to remove where the value is null; null removes all (RFC 7396). */
export type HeaderChanges = readonly { readonly name: string; readonly value: string | null }[] | null;

export const HEADERS_MAX = 20;
/** Of one change: as many as there may be are replaced by as many others. */
export const HEADER_CHANGES_MAX = 2 * HEADERS_MAX;
export const HEADER_NAME_LENGTH_MAX = 100;
/** Web servers limit one line to 8 KiB. */
export const HEADER_VALUE_LENGTH_MAX = 4096;
/** Of all names and values: with our own headers less than the 16 KiB that Node takes of a request. */
export const HEADERS_BYTES_MAX = 8192;

/** RFC 9110, section 5.6.2. */
export const HEADER_NAME_PATTERN = "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$";
const NAME = new RegExp(HEADER_NAME_PATTERN);
/** RFC 9110, section 5.5, without `obs-text`, which receivers read in different encodings. */
export const HEADER_VALUE_PATTERN = "^[\\x21-\\x7e](?:[\\t\\x20-\\x7e]*[\\x21-\\x7e])?$";
const VALUE = new RegExp(HEADER_VALUE_PATTERN);

/** Headers of the connection between two programs (RFC 9110, section 7.6.1), and those that OpenSend writes itself. */
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

/** What is wrong with a header's name; null when nothing is. Never repeats it: it may be a whole line with the value. */
export function findHeaderNameFault(name: string): string | null {
  if (name.length > HEADER_NAME_LENGTH_MAX) {
    return `A header name may have at most ${HEADER_NAME_LENGTH_MAX} characters.`;
  }
  if (!NAME.test(name)) {
    return "A header name has letters, digits and the marks ! # $ % & ' * + - . ^ _ ` | ~ only. Write it without the colon and the value.";
  }
  // What JavaScript does with an object's member of this name is not what it does with others.
  if (name === "__proto__") return "This header name is not supported. Choose another one.";
  const folded = name.toLowerCase();
  if (REFUSED.has(folded) || REFUSED_PREFIXES.some((prefix) => folded.startsWith(prefix))) {
    return "OpenSend writes this header itself, or HTTP does not let it be set. Choose another one.";
  }
  return null;
}

/** What is wrong with a header's value; null when nothing is. Never repeats it. */
export function findHeaderValueFault(value: string): string | null {
  if (value === "") return "Must not be empty. To remove the header, send null.";
  if (value.length > HEADER_VALUE_LENGTH_MAX) {
    return `Must have at most ${HEADER_VALUE_LENGTH_MAX} characters.`;
  }
  if (VALUE.test(value)) return null;
  return "Must be visible ASCII characters, with spaces or tabs only between them. Encode others, for example as base64.";
}

/** What is wrong with all headers of a connection together; null when nothing is. */
export function findHeadersFault(headers: readonly CustomHeader[]): string | null {
  if (headers.length > HEADERS_MAX) return `At most ${HEADERS_MAX} headers per connection.`;
  const bytes = headers.reduce((sum, { name, value }) => sum + name.length + value.length, 0);
  if (bytes <= HEADERS_BYTES_MAX) return null;
  return `Names and values together may have at most ${HEADERS_BYTES_MAX} characters.`;
}

/** The headers after a change. Names are compared without case, and written as they came last. */
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

/** Whether a change says of each of these headers what becomes of it. */
export function namesAll(changes: HeaderChanges, names: readonly string[]): boolean {
  if (changes === null) return true;
  const named = new Set(changes.map(({ name }) => name.toLowerCase()));
  return names.every((name) => named.has(name.toLowerCase()));
}

export const REDACTED_VALUE = "[redacted]";

/** Headers as they may be stored and shown: of the sealed ones only the name. */
export function redactHeaders(
  headers: Readonly<Record<string, string>>,
  sealedNames: readonly string[],
): Readonly<Record<string, string>> {
  if (sealedNames.length === 0) return headers;
  const shown = new Map(Object.entries(headers));
  for (const name of sealedNames) if (shown.has(name)) shown.set(name, REDACTED_VALUE);
  return Object.fromEntries(shown);
}
