/** Text as one word of a POSIX shell: nothing in it is expanded. */
export function shellQuote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
