export type Hour = { readonly delivered: number; readonly failed: number };
export type Bar = { readonly delivered: number; readonly failed: number };

/** An hour with few attempts beside a busy one must still be seen, and so must a failure among many. */
const LOWEST = 2;

/** The height of each hour's parts. A bar's parts are to each other as its attempts are: one that failed in five is a fifth. */
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
