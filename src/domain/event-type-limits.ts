const ALL_BELOW = ".*";

/** Whether a pattern covers every type that `asked`, a pattern or a type, covers. */
export function coversPattern(pattern: string, requested: string): boolean {
  if (pattern === "*" || pattern === requested) return true;
  return pattern.endsWith(ALL_BELOW) && requested.startsWith(pattern.slice(0, -1));
}

/** The requested patterns that no single allowed pattern covers. */
export function beyondLimits(allowed: readonly string[], requested: readonly string[]): readonly string[] {
  return requested.filter((one) => !allowed.some((pattern) => coversPattern(pattern, one)));
}

/**
 * The patterns for the types that both lists cover. Two patterns share no type unless one covers the other, so each
 * pair contributes at most one of its two.
 */
export function intersectPatterns(some: readonly string[], others: readonly string[]): readonly string[] {
  const common = some.flatMap((one) =>
    others.flatMap((other) => {
      if (coversPattern(one, other)) return [other];
      return coversPattern(other, one) ? [one] : [];
    }),
  );
  return [...new Set(common)];
}
