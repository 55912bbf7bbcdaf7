const INDENT = "  ";

/**
 * Lays compact JSON out over lines without touching a single token: numbers and strings stay exactly as they were
 * sent. Null when the text is not JSON.
 */
export function indentJson(text: string): string | null {
  try {
    JSON.parse(text);
  } catch {
    return null;
  }
  let out = "";
  let depth = 0;
  const newLine = () => `\n${INDENT.repeat(depth)}`;
  for (const token of text.match(TOKENS) ?? []) {
    if (token === "{" || token === "[") {
      depth += 1;
      out += token + newLine();
    } else if (token === "}" || token === "]") {
      depth -= 1;
      const isEmpty = /[{[]\s*$/.test(out);
      out = isEmpty ? out.trimEnd() + token : out + newLine() + token;
    } else if (token === ",") out += token + newLine();
    else if (token === ":") out += ": ";
    else out += token;
  }
  return out;
}

/** Strings, structural characters, and everything else up to the next of those; white space between is dropped. */
const TOKENS = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g;
