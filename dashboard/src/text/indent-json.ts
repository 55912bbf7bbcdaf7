const INDENT = "  ";
/** Deeper than anyone reads; indenting each level further would make the text grow with the square of its depth. */
const DEPTH_MAX = 100;

/**
 * Lays compact JSON out over lines without touching a single token: numbers and strings stay exactly as they were
 * sent. Null when the text is not JSON, or nested too deep to be laid out.
 */
export function indentJson(text: string): string | null {
  try {
    JSON.parse(text);
  } catch {
    return null;
  }
  const out: string[] = [];
  let depth = 0;
  let before = "";
  const newLine = () => `\n${INDENT.repeat(depth)}`;
  for (const [token] of text.matchAll(TOKENS)) {
    const isClosing = token === "}" || token === "]";
    if (isClosing) depth -= 1;
    const startsLine = isClosing ? !OPENING.has(before) : OPENING.has(before) || before === ",";
    if (startsLine) out.push(newLine());
    out.push(token === ":" ? ": " : token);
    if (OPENING.has(token)) depth += 1;
    if (depth > DEPTH_MAX) return null;
    before = token;
  }
  return out.join("");
}

const OPENING: ReadonlySet<string> = new Set(["{", "["]);

/** Strings, structural characters, and everything else up to the next of those; white space between is dropped. */
const TOKENS = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g;
