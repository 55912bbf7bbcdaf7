import {
  METADATA_NAME,
  METADATA_PAIRS_MAX,
  METADATA_VALUE_LENGTH_MAX,
} from "../../../../src/domain/connection-labels.ts";

export type Metadata = Readonly<Record<string, string>>;

/** Metadata as text to edit: a pair per line, with `\n` for a line break in a value. */
export function metadataText(metadata: Metadata): string {
  return Object.entries(metadata)
    .map(([name, value]) => `${name}=${value.replaceAll(/[\\\n\r]/g, (one) => ESCAPES[one] ?? one)}`)
    .join("\n");
}

const ESCAPES: Metadata = { "\\": "\\\\", "\n": "\\n", "\r": "\\r" };

/** The pairs in a text, or what is wrong with it. */
export function readMetadata(text: string): { readonly pairs: Metadata } | { readonly problem: string } {
  const pairs = new Map<string, string>();
  for (const line of text.split("\n").filter((one) => one.trim() !== "")) {
    const at = line.indexOf("=");
    const name = line.slice(0, Math.max(at, 0)).trim();
    const value = line
      .slice(at + 1)
      .replaceAll(/\\([\\nr])/g, (_whole, one: string) => UNESCAPED[one] ?? one);
    const problem = at === -1 ? `“${line}” has no “=”. Write name=value.` : problemOf(name, value);
    if (problem !== null) return { problem };
    if (pairs.has(name)) return { problem: `“${name}” is there twice.` };
    pairs.set(name, value);
  }
  if (pairs.size > METADATA_PAIRS_MAX) return { problem: `Use at most ${METADATA_PAIRS_MAX} lines.` };
  return { pairs: Object.fromEntries(pairs) };
}

const UNESCAPED: Metadata = { "\\": "\\", n: "\n", r: "\r" };

function problemOf(name: string, value: string): string | null {
  if (!METADATA_NAME.test(name) || name === "__proto__") {
    return `“${name}” is not a name. Use 1 to 40 letters, digits and _ . -`;
  }
  return value.length > METADATA_VALUE_LENGTH_MAX
    ? `“${name}” has more than ${METADATA_VALUE_LENGTH_MAX} characters.`
    : null;
}

/** The JSON merge patch from one to the other (RFC 7396). */
export function metadataChange(before: Metadata, after: Metadata): Readonly<Record<string, string | null>> {
  const removed = Object.keys(before).filter((name) => !Object.hasOwn(after, name));
  const set = Object.entries(after).filter(([name, value]) => before[name] !== value);
  return Object.fromEntries([...removed.map((name) => [name, null] as const), ...set]);
}
