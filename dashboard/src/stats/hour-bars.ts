export type Hour = { readonly delivered: number; readonly failed: number };
export type Bar = { readonly delivered: number; readonly failed: number };

/** The minimum height, so that an hour with few attempts remains visible next to a busy one. */
const LOWEST = 2;

/**
 * The heights of each hour's parts, in proportion to its attempts: if one in five failed, a fifth of the bar is
 * failures. A failure among many keeps a minimum height.
 */
export function hourBars(hours: readonly Hour[], height: number): readonly Bar[] {
  const most = Math.max(1, ...hours.map(({ delivered, failed }) => delivered + failed));
  return hours.map(({ delivered, failed }) => {
    const attempts = delivered + failed;
    if (attempts === 0) return { delivered: 0, failed: 0 };
    const whole = Math.max(LOWEST, (attempts / most) * height);
    const part = (failed / attempts) * whole;
    const err = failed === 0 ? 0 : Math.max(Math.min(1, whole), part);
    return { delivered: rounded(whole - err), failed: rounded(err) };
  });
}

function rounded(length: number): number {
  return Math.round(length * 100) / 100;
}
