const UNITS = [
  { ms: 86_400_000, word: "d" },
  { ms: 3_600_000, word: "h" },
  { ms: 60_000, word: "min" },
  { ms: 1_000, word: "s" },
] as const;

/** A duration in its largest unit: "4 s", "4 min", "2 h", "3 d". Less than a second counts as one. */
export function spanOf(ms: number): string {
  const fit = UNITS.find((unit) => ms >= unit.ms) ?? { ms: 1_000, word: "s" };
  return `${Math.max(1, Math.round(ms / fit.ms))} ${fit.word}`;
}
