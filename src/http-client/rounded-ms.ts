/** Milliseconds to a tenth, which is as fine as timings are told. */
export function roundedMs(durationMs: number): number {
  return Math.round(durationMs * 10) / 10;
}
