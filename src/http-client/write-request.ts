import { validateHeaderName } from "node:http";

export type WritableRequest = {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

/** Headers that only OpenSend sets: the destination, the framing, and the connection's reuse. */
const OWN_HEADERS = new Set([
  "connection",
  "content-length",
  "expect",
  "host",
  "keep-alive",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/** RFC 9110, section 5.5: visible characters, spaces and tabs, and bytes above 127. */
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/**
 * The bytes of one POST (RFC 9112, section 3).
 *
 * @throws {TypeError} when a header cannot be sent. The message names the header, never its value.
 */
export function writeRequest({ url, headers, body }: WritableRequest): Buffer {
  const bodyBytes = Buffer.byteLength(body);
  let head = `POST ${url.pathname}${url.search} HTTP/1.1\r\nhost: ${url.host}\r\nconnection: keep-alive\r\n`;
  for (const name in headers) {
    const value = headers[name] ?? "";
    checkHeader(name, value);
    head += `${name}: ${value}\r\n`;
  }
  head += `content-length: ${bodyBytes}\r\n\r\n`;
  const bytes = Buffer.allocUnsafe(head.length + bodyBytes);
  bytes.write(head, "latin1");
  bytes.write(body, head.length, "utf8");
  return bytes;
}

function checkHeader(name: string, value: string): void {
  validateHeaderName(name);
  if (OWN_HEADERS.has(name.toLowerCase())) throw new TypeError(`The header ${name} cannot be set.`);
  if (!VALUE.test(value)) throw new TypeError(`The header ${name} has a character that cannot be sent.`);
}
