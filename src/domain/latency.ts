/**
 * Upper bounds of the latency classes, in milliseconds. Requests cut off by the default timeout end slightly later, in
 * a narrow class of their own; the longest timeout is the last bound.
 */
export const LATENCY_BOUNDS_MS = [
  10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 15_000, 15_500, 30_000, 60_000,
] as const;

/** One more than the bounds: the last class counts durations above all of them. */
export const LATENCY_CLASSES = LATENCY_BOUNDS_MS.length + 1;

/** The class of a duration: the first whose bound it does not exceed. */
export function latencyClass(durationMs: number): number {
  const index = LATENCY_BOUNDS_MS.findIndex((bound) => durationMs <= bound);
  return index === -1 ? LATENCY_BOUNDS_MS.length : index;
}

/**
 * The duration that a part (0 to 1) of all durations does not exceed, interpolated within its class; null without
 * durations. A duration above the last bound counts as that bound.
 */
export function latencyQuantile(counts: readonly number[], part: number): number | null {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return null;
  const rank = part * total;
  let below = 0;
  for (const [index, count] of counts.entries()) {
    if (count > 0 && below + count >= rank) {
      const from = LATENCY_BOUNDS_MS[index - 1] ?? 0;
      const to = LATENCY_BOUNDS_MS[index] ?? from;
      return Math.round(from + ((to - from) * (rank - below)) / count);
    }
    below += count;
  }
  return LATENCY_BOUNDS_MS.at(-1) ?? null;
}
