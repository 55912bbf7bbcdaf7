/** Replaces terminal control characters in external text. */
export function printable(text: string): string {
  return text.replace(/[^\P{C}\n\t]/gu, "�");
}
