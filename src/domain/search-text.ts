import { foldCase } from "./fold-case.ts";

const ESCAPES: Readonly<Record<string, string>> = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };
const ESCAPE = /\\(?:u([0-9a-f]{4})|(.))/gis;

/**
 * Finds a text in others without regard to case: as written, and with JSON's escapes decoded (RFC 8259, 7), so that
 * `Jos\u00e9 "x"` is found in `"Jos\\u00e9 \\"x\\""`.
 */
export function createSearch(wanted: string): (text: string) => boolean {
  const needle = foldCase(wanted);
  return (text) =>
    foldCase(text).includes(needle) || (text.includes("\\") && foldCase(undoEscapes(text)).includes(needle));
}

function undoEscapes(text: string): string {
  return text.replace(ESCAPE, (_all, unit: string | undefined, character: string | undefined) => {
    if (unit !== undefined) return String.fromCharCode(Number.parseInt(unit, 16));
    return ESCAPES[character ?? ""] ?? character ?? "";
  });
}
