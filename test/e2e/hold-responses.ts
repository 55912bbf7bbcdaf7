import type { Page } from "playwright-core";

type HeldResponses = {
  /** Resolves when the server has handled the first call, whose response is now held. */
  readonly handled: Promise<void>;
  /** The number of calls so far. */
  readonly calls: () => number;
  readonly release: () => void;
};

/** Delays the server's responses to calls of a path, as a slow network does. */
export async function holdResponses(page: Page, method: string, path: string): Promise<HeldResponses> {
  const happened = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<void>();
  let calls = 0;
  await page.route(path, async (route) => {
    if (route.request().method() !== method) return route.fallback();
    calls += 1;
    const response = await route.fetch();
    happened.resolve();
    await gate.promise;
    await route.fulfill({ response });
  });
  return { handled: happened.promise, calls: () => calls, release: gate.resolve };
}
