import { isUtf8 } from "node:buffer";
import { OpenSendError } from "../domain/errors.ts";

/** Byte order marks, longer ones before their prefixes. */
const MARKS: readonly (readonly [encoding: string, mark: readonly number[]])[] = [
  ["UTF-8", [0xef, 0xbb, 0xbf]],
  ["UTF-32", [0xff, 0xfe, 0x00, 0x00]],
  ["UTF-32", [0x00, 0x00, 0xfe, 0xff]],
  ["UTF-16", [0xff, 0xfe]],
  ["UTF-16", [0xfe, 0xff]],
];

/**
 * Decodes a body to text. JSON is exchanged as UTF-8 without a byte order mark (RFC 8259, 8.1).
 *
 * @throws {OpenSendError} `malformed_json`, naming the encoding that the bytes seem to have.
 */
export function decodeBody(bytes: Buffer): string {
  const marked = MARKS.find(([, mark]) => mark.every((byte, index) => bytes[index] === byte));
  if (marked?.[0] === "UTF-8") {
    throw refusal("The body begins with a byte order mark (EF BB BF). Send it without one.");
  }
  // In UTF-16 or UTF-32 without a mark, one of the first two bytes of JSON is zero.
  const encoding = marked?.[0] ?? (bytes[0] === 0 || bytes[1] === 0 ? "UTF-16 or UTF-32" : null);
  if (encoding !== null) throw refusal(`The body is ${encoding}. Send it as UTF-8.`);
  if (!isUtf8(bytes)) throw refusal("The body is not valid UTF-8.");
  return bytes.toString("utf8");
}

function refusal(detail: string): OpenSendError {
  return new OpenSendError("malformed_json", detail);
}

/** US-ASCII is a subset of UTF-8. */
const CHARSETS: ReadonlySet<string> = new Set(["utf-8", "utf8", "us-ascii", "ascii"]);

/** @throws {OpenSendError} `unsupported_media_type` for a charset other than UTF-8. */
export function requireUtf8(contentType: string): void {
  const charset = /;\s*charset\s*=\s*"?([^";,\s]*)/i.exec(contentType)?.[1];
  if (charset === undefined || CHARSETS.has(charset.toLowerCase())) return;
  const named = /^[\w.:+-]{1,40}$/.test(charset) ? ` \`${charset}\`` : "";
  throw new OpenSendError(
    "unsupported_media_type",
    `The charset${named} in Content-Type is not supported. Send the body as UTF-8.`,
  );
}
