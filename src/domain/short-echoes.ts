/** A span of a text: the index of its start and the index after its end. */
export type Span = readonly [start: number, end: number];

/** The kind of a text: a header's value, which can be a list (RFC 9110, section 5.6.1), or a body. */
export type EchoPlace = "header" | "body";

/** White space and quotation marks around a value, with a scheme before it (RFC 9110, section 11.4). */
const AROUND = /[\s"]/;
const BEGINNING = /^[\s"]*/;
const BEGINNING_WITH_SCHEME = /^[\s"]*[a-z][a-z0-9-]*\s+/;
const END = /[\s"]*$/;
/** No text that consists of one such value is longer. */
const WHOLE_LENGTH_MAX = 256;
/** The room for a scheme and for spaces, in characters. */
const MARGIN = 24;

/** Finds values that are too short to be masked everywhere: only where one is a whole text, or a whole string in JSON. */
export function createShortEchoes(short: ReadonlySet<string>) {
  if (short.size === 0) return () => [];
  const longest = Math.max(...[...short].map(({ length }) => length));
  // A lookahead, since the closing quotation mark can also be the opening one of the next string. Names in JSON, which a
  // colon follows, are not values.
  const inQuotes = new RegExp(
    `"((?:[^"\\\\]|\\\\.){1,${2 * longest + MARGIN}})(?="(?!\\s{0,${MARGIN}}:))`,
    "gs",
  );
  return (text: string, place: EchoPlace, cutOff: boolean): readonly Span[] => [
    ...wholes(text, place, short),
    ...[...text.matchAll(inQuotes)].flatMap(({ 1: content = "", index }) => {
      const span = exactly(content, index + 1, short);
      return span === null ? [] : [span];
    }),
    ...(cutOff ? cutStrings(text, short, longest) : []),
  ];
}

function wholes(text: string, place: EchoPlace, short: ReadonlySet<string>): readonly Span[] {
  const whole = exactly(text, 0, short);
  if (whole !== null) return [whole];
  if (place === "body") return [];
  return [...text.matchAll(/[^,]+/g)].flatMap(({ 0: member, index }) => {
    const span = exactly(member, index, short);
    return span === null ? [] : [span];
  });
}

/** The span of the value in a text that consists of one value and what can surround it. */
function exactly(text: string, offset: number, short: ReadonlySet<string>): Span | null {
  if (text.length > WHOLE_LENGTH_MAX) return null;
  if (short.has(text)) return [offset, offset + text.length];
  if (text.includes("\\") && short.has(text.replaceAll(/\\(.)/g, "$1")))
    return [offset, offset + text.length];
  if (!AROUND.test(text)) return null;
  const end = text.length - (END.exec(text)?.[0].length ?? 0);
  for (const pattern of [BEGINNING, BEGINNING_WITH_SCHEME]) {
    const start = pattern.exec(text)?.[0].length ?? 0;
    if (short.has(text.slice(start, end))) return [offset + start, offset + end];
  }
  return null;
}

/** The start of a string in JSON that the end of the text cuts off. */
function cutStrings(text: string, short: ReadonlySet<string>, longest: number): readonly Span[] {
  const start = text.lastIndexOf('"') + 1;
  const rest = text.slice(start);
  if (start === 0 || rest === "" || rest.length > longest) return [];
  return [...short].some((one) => one.startsWith(rest)) ? [[start, text.length]] : [];
}
