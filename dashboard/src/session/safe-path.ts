/** A path of this dashboard to return to after signing in; undefined for anything that could lead elsewhere. */
export function safePath(value: unknown): string | undefined {
  return typeof value === "string" && /^\/(?![/\\])[^\s\\]*$/.test(value) ? value : undefined;
}
