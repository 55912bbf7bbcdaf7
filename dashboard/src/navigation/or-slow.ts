const SLOW_MS = 200;

/**
 * For loaders: waits for data that comes at once, so that nothing flickers, and lets the page show its placeholders
 * when it takes longer.
 */
export function orSlow(loading: Promise<unknown>): Promise<unknown> {
  return Promise.race([loading, new Promise((resolve) => setTimeout(resolve, SLOW_MS))]);
}
