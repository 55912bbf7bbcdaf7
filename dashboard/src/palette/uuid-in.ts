const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/i;

/** The first id in a text, such as a URL or a log line. */
export function uuidIn(text: string): string | null {
  return UUID.exec(text)?.[0] ?? null;
}
