const SLOW_MS = 200;

/** For loaders: waits for data that arrives quickly, to avoid flicker; after that, the page shows its placeholders. */
export function waitBriefly(loading: Promise<unknown>): Promise<unknown> {
  return Promise.race([loading, new Promise((resolve) => setTimeout(resolve, SLOW_MS))]);
}
