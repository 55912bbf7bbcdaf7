const SPACE = 0x20;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * Valid JSON without insignificant white space; numbers and strings are unchanged. Works on bytes, which are cheap to
 * move however many gaps there are; in UTF-8 no byte of a longer character equals an ASCII character.
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
    // An escaped quote does not end the string.
    else if (byte === BACKSLASH) bytes[length++] = bytes[++at] ?? 0;
  }
  return bytes.toString("utf8", 0, length);
}
