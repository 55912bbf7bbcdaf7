/** Text from elsewhere, without what would steer the terminal. */
export function printable(text: string): string {
  return text.replace(/[^\P{C}\n\t]/gu, "�");
}
