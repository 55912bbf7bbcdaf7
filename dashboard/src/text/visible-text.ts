export type TextRun = { readonly text: string; readonly isMarker: boolean };

/**
 * Characters that are invisible or change how the rest is read: controls except line feed and tab, direction overrides
 * and isolates, zero-width and other format characters, fillers, variation selectors, tags, private use, lone
 * surrogates.
 */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]+/gu;
const UNMARKED = /[\n\t]/;

/** Splits foreign text into runs that can be shown as they are, and markers for characters that could not be seen. */
export function visibleText(text: string): TextRun[] {
  const runs: TextRun[] = [];
  const source = text.replaceAll("\r\n", "\n");
  let from = 0;
  for (const match of source.matchAll(HIDDEN)) {
    push(runs, source.slice(from, match.index), false);
    for (const character of match[0]) {
      if (UNMARKED.test(character)) push(runs, character, false);
      else push(runs, markerOf(character), true);
    }
    from = match.index + match[0].length;
  }
  push(runs, source.slice(from), false);
  return runs;
}

/** The visible form of a hidden character: the control picture for C0 and DEL, otherwise the code point. */
function markerOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x20) return String.fromCodePoint(0x2400 + code);
  if (code === 0x7f) return "\u2421";
  return `\u27e8U+${code.toString(16).toUpperCase().padStart(4, "0")}\u27e9`;
}

/** Joins neighbors of one kind into a run, so that hostile text cannot turn into thousands of elements. */
function push(runs: TextRun[], text: string, isMarker: boolean): void {
  if (text === "") return;
  const last = runs.at(-1);
  if (last?.isMarker === isMarker) runs[runs.length - 1] = { text: last.text + text, isMarker };
  else runs.push({ text, isMarker });
}
