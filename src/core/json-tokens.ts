const SPACE = 0x20;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const TAB = 0x09;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** Control characters stand in a JSON string only as escapes (RFC 8259, section 7). */
const CONTROL_MAX = 0x1f;

const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4})/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const LITERAL = /true|false|null/y;

/** The first offset from `start` on that is no insignificant white space. */
export function skipJsonSpace(text: string, start: number): number {
  let at = start;
  for (;;) {
    const code = text.charCodeAt(at);
    if (code !== SPACE && code !== LINE_FEED && code !== CARRIAGE_RETURN && code !== TAB) return at;
    at++;
  }
}

/** Where the string, number or literal that starts at `start` ends; null when none does. */
export function endOfJsonScalar(text: string, start: number): number | null {
  if (text.charCodeAt(start) === QUOTE) return endOfJsonString(text, start);
  return endOfMatch(NUMBER, text, start) ?? endOfMatch(LITERAL, text, start);
}

/** Where the string that starts at `start` ends, after its closing quote; null when there is none. */
export function endOfJsonString(text: string, start: number): number | null {
  if (text.charCodeAt(start) !== QUOTE) return null;
  let at = start + 1;
  for (;;) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) return at + 1;
    if (code === BACKSLASH) {
      const end = endOfMatch(ESCAPE, text, at);
      if (end === null) return null;
      at = end;
    } else if (code > CONTROL_MAX) at++;
    else return null; // A control character, or NaN: the end of the text.
  }
}

/** What the valid string from `start` to `end`, quotes included, stands for. */
export function decodeJsonString(text: string, start: number, end: number): string {
  const inner = text.slice(start + 1, end - 1);
  return inner.includes("\\") ? (JSON.parse(text.slice(start, end)) as string) : inner;
}

function endOfMatch(pattern: RegExp, text: string, start: number): number | null {
  pattern.lastIndex = start;
  return pattern.test(text) ? pattern.lastIndex : null;
}
