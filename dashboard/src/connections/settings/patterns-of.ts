/** Event types as a person writes them, one a line; commas and spaces part them too. */
export function patternsOf(text: string): string[] {
  return [...new Set(text.split(/[\s,]+/).filter((pattern) => pattern !== ""))];
}
