/** A pair in the page's URL, by the rules of `src/domain/connection-labels.ts`, with any value. */
const PAIR = /^(?!__proto__=)([\w.-]{1,40})=(.{0,500})$/s;
const PAIRS_MAX = 20;

/** The valid `name=value` pairs of the page's URL; a repeated name keeps its last value. */
export function readPairs(value: unknown): readonly string[] {
  const pairs = Object.entries(pairsOf([value].flat()));
  return pairs.slice(0, PAIRS_MAX).map(([name, text]) => `${name}=${text}`);
}

/** The pairs in the form that the API takes. */
export function pairsOf(texts: readonly unknown[]): Readonly<Record<string, string>> {
  const found = texts.map((text) => PAIR.exec(typeof text === "string" ? text : ""));
  return Object.fromEntries(found.flatMap((match) => (match === null ? [] : [[match[1], match[2]]])));
}
