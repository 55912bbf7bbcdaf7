/** Quotes text as one word of a POSIX shell, without any expansion. */
export function shellQuote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
