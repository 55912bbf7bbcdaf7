/** Milliseconds to a tenth, the precision of all timings. */
export function roundedMs(durationMs: number): number {
  return Math.round(durationMs * 10) / 10;
}
