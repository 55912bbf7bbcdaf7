/** The text in lower case, with the same number of characters (UTF-16 units), so that positions stay valid. */
export function foldCase(text: string): string {
  const lower = text.toLowerCase();
  if (lower.length === text.length && !lower.includes("\u03c2")) return lower;
  // The one character that would become two, and the one whose lower case depends on its neighbors (Unicode, 3.13).
  return text.replaceAll("\u0130", "i").toLowerCase().replaceAll("\u03c2", "\u03c3");
}
