const SPACE = /[\t\n\r ]*/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON strings must not hold them (RFC 8259, section 7).
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4}))*"/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const LITERAL = /true|false|null/y;

/**
 * Where a text stops being JSON (RFC 8259): the offset of the first character that does not fit, the text's length
 * when it ends too early, or null when there is no fault. Says where without quoting what stands there.
 */
export function findJsonFault(text: string): number | null {
  const open: ("{" | "[")[] = [];
  let at = 0;
  const skip = (pattern: RegExp): boolean => {
    pattern.lastIndex = at;
    if (!pattern.test(text)) return false;
    at = pattern.lastIndex;
    return true;
  };
  const skipMark = (mark: string): boolean => {
    skip(SPACE);
    if (text[at] !== mark) return false;
    at++;
    return true;
  };
  const skipKey = (): boolean => {
    skip(SPACE);
    return skip(STRING) && skipMark(":");
  };
  const skipScalar = (): boolean => {
    skip(SPACE);
    return skip(STRING) || skip(NUMBER) || skip(LITERAL);
  };
  for (;;) {
    if (skipMark("{")) {
      if (!skipMark("}")) {
        open.push("{");
        if (!skipKey()) return at;
        continue;
      }
    } else if (skipMark("[")) {
      if (!skipMark("]")) {
        open.push("[");
        continue;
      }
    } else if (!skipScalar()) return at;
    // A value has ended: close what ends with it, or go on to the next member.
    for (;;) {
      const inside = open.at(-1);
      if (inside === undefined) {
        skip(SPACE);
        return at === text.length ? null : at;
      }
      if (skipMark(",")) {
        if (inside === "{" && !skipKey()) return at;
        break;
      }
      if (!skipMark(inside === "{" ? "}" : "]")) return at;
      open.pop();
    }
  }
}
