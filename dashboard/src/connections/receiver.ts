/** A URL as typed or pasted, or null while it is none. */
export function parseUrl(text: string): URL | null {
  return URL.canParse(text.trim()) ? new URL(text.trim()) : null;
}
