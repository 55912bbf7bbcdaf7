/** A path of this dashboard to return to after signing in; undefined for any value that can lead elsewhere. */
export function safePath(value: unknown): string | undefined {
  return typeof value === "string" && /^\/(?![/\\])[^\s\\]*$/.test(value) ? value : undefined;
}

/** The page to return to after signing in; undefined for the page that signing in leads to anyway. */
export function pathToReturnTo(href: string): string | undefined {
  return href === "/" ? undefined : href;
}
