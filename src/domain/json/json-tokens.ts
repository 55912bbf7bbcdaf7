const SPACE = 0x20;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const TAB = 0x09;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** Control characters occur in a JSON string only as escapes (RFC 8259, section 7). */
const CONTROL_MAX = 0x1f;
const MINUS = 0x2d;
const PLUS = 0x2b;
const POINT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const LOWER_CASE = 0x20;
const LOWER_A = 0x61;
const LOWER_E = 0x65;
const LOWER_F = 0x66;
const LOWER_U = 0x75;
const HEX_DIGITS = 4;

const SHORT_ESCAPES: ReadonlySet<number> = new Set(Array.from('"\\/bfnrt', (mark) => mark.charCodeAt(0)));
const LITERALS = ["true", "false", "null"] as const;

/** The first offset from `start` on that is not insignificant white space, or `stop` if there is none before it. */
export function skipJsonSpace(text: string, start: number, stop = text.length): number {
  let at = start;
  while (at < stop) {
    const code = text.charCodeAt(at);
    if (code !== SPACE && code !== LINE_FEED && code !== CARRIAGE_RETURN && code !== TAB) return at;
    at++;
  }
  return at;
}

/**
 * The end of the string, number or literal that starts at `start`; null when none does. Reads at most a few characters
 * past `stop`: the end of a string that is not closed before `stop` is greater than `stop`.
 */
export function endOfJsonScalar(text: string, start: number, stop = text.length): number | null {
  const code = text.charCodeAt(start);
  if (code === QUOTE) return endOfJsonString(text, start, stop);
  if (code === MINUS || isDigit(code)) return endOfNumber(text, start, stop);
  const literal = LITERALS.find((literal) => text.slice(start, start + literal.length) === literal);
  return literal === undefined ? null : start + literal.length;
}

/**
 * The end of the string that starts at `start`, after its closing quote; `stop + 1` when it is not closed before
 * `stop`; null when no string starts there or a character in it is not allowed.
 */
export function endOfJsonString(text: string, start: number, stop = text.length): number | null {
  if (text.charCodeAt(start) !== QUOTE) return null;
  let at = start + 1;
  while (at < stop) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) return at + 1;
    if (code === BACKSLASH) {
      const end = endOfEscape(text, at);
      if (end === null) return null;
      at = end;
    } else if (code > CONTROL_MAX) at++;
    else return null;
  }
  return stop + 1;
}

/** The decoded value of the valid string token from `start` to `end`, quotes included. */
export function decodeJsonString(text: string, start: number, end: number): string {
  const inner = text.slice(start + 1, end - 1);
  return inner.includes("\\") ? (JSON.parse(text.slice(start, end)) as string) : inner;
}

function endOfEscape(text: string, start: number): number | null {
  const mark = text.charCodeAt(start + 1);
  if (SHORT_ESCAPES.has(mark)) return start + 2;
  if (mark !== LOWER_U) return null;
  const end = start + 2 + HEX_DIGITS;
  for (let at = start + 2; at < end; at++) if (!isHexDigit(text.charCodeAt(at))) return null;
  return end;
}

/** A fraction or exponent without digits is not part of the number, as in `1.`. */
function endOfNumber(text: string, start: number, stop: number): number | null {
  const first = text.charCodeAt(start) === MINUS ? start + 1 : start;
  if (!isDigit(text.charCodeAt(first))) return null;
  let end = text.charCodeAt(first) === ZERO ? first + 1 : skipDigits(text, first, stop);
  if (text.charCodeAt(end) === POINT) end = endOfDigits(text, end + 1, stop) ?? end;
  if ((text.charCodeAt(end) | LOWER_CASE) !== LOWER_E) return end;
  const sign = text.charCodeAt(end + 1);
  return endOfDigits(text, sign === PLUS || sign === MINUS ? end + 2 : end + 1, stop) ?? end;
}

function endOfDigits(text: string, start: number, stop: number): number | null {
  const end = skipDigits(text, start, stop);
  return end === start ? null : end;
}

function skipDigits(text: string, start: number, stop: number): number {
  let at = start;
  while (at < stop && isDigit(text.charCodeAt(at))) at++;
  return at;
}

function isDigit(code: number): boolean {
  return code >= ZERO && code <= NINE;
}

function isHexDigit(code: number): boolean {
  const lower = code | LOWER_CASE;
  return isDigit(code) || (lower >= LOWER_A && lower <= LOWER_F);
}
