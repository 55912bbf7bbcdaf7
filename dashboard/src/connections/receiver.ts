/** Parses a typed or pasted URL; null while it is invalid. */
export function parseUrl(text: string): URL | null {
  return URL.canParse(text.trim()) ? new URL(text.trim()) : null;
}
