const SPACE = 0x20;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * Valid JSON without its insignificant white space; every number and string is kept as it is. Works on bytes, in which
 * moving each along costs little however many gaps there are; in UTF-8 no part of a longer character looks like these.
 */
export function compactJson(json: string): string {
  const bytes = Buffer.from(json);
  let length = 0;
  let isInString = false;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    if (byte <= SPACE && !isInString) continue;
    bytes[length++] = byte;
    if (byte === QUOTE) isInString = !isInString;
    // What is escaped ends no string.
    else if (byte === BACKSLASH) bytes[length++] = bytes[++at] ?? 0;
  }
  return bytes.toString("utf8", 0, length);
}
