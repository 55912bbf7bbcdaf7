/** A stretch of a text: the index it starts at and the one behind its end. */
export type Span = readonly [start: number, end: number];

/** What a text is: a header's value, which may be a list (RFC 9110, section 5.6.1), or a body. */
export type EchoPlace = "header" | "body";

/** What may surround a value, and a scheme before it (RFC 9110, section 11.4). */
const AROUND = /[\s"]/;
const BEGINNING = /^[\s"]*/;
const BEGINNING_WITH_SCHEME = /^[\s"]*[a-z][a-z0-9-]*\s+/;
const END = /[\s"]*$/;
/** A text that is such a value alone is no longer. */
const WHOLE_LENGTH_MAX = 256;
/** Of a scheme, and of spaces. */
const MARGIN = 24;

/** Finds values too short to be masked everywhere: where one is all of a text, or of a string in JSON. */
export function createShortEchoes(short: ReadonlySet<string>) {
  if (short.size === 0) return () => [];
  const longest = Math.max(...[...short].map(({ length }) => length));
  // The quotation mark at its end may be the one before the next string. A name in JSON has a colon after it.
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

/** The part of a text that is a value, where nothing else is in it but what may surround one. */
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

/** The beginning of a string in JSON that the end of a text cuts off. */
function cutStrings(text: string, short: ReadonlySet<string>, longest: number): readonly Span[] {
  const start = text.lastIndexOf('"') + 1;
  const rest = text.slice(start);
  if (start === 0 || rest === "" || rest.length > longest) return [];
  return [...short].some((one) => one.startsWith(rest)) ? [[start, text.length]] : [];
}
