const ALL_BELOW = ".*";

/** Whether a pattern covers every type that another one does; or the type, if it is one. */
export function coversPattern(pattern: string, asked: string): boolean {
  if (pattern === "*" || pattern === asked) return true;
  return pattern.endsWith(ALL_BELOW) && asked.startsWith(pattern.slice(0, -1));
}

/** Those of the patterns asked for that no single allowed pattern covers. */
export function beyondLimits(allowed: readonly string[], asked: readonly string[]): readonly string[] {
  return asked.filter((one) => !allowed.some((pattern) => coversPattern(pattern, one)));
}

/**
 * The patterns that cover what both lists do. Two patterns have nothing in common, or one of them covers the other, so
 * that each pair leaves one of its two at most.
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
