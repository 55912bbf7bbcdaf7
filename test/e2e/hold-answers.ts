import type { Page } from "playwright-core";

type HeldAnswers = {
  /** Resolves when the server has handled the first call, whose response is now held. */
  readonly happened: Promise<void>;
  /** The number of calls so far. */
  readonly calls: () => number;
  readonly letThrough: () => void;
};

/** Delays the server's responses to calls of a path, as a slow network does. */
export async function holdAnswers(page: Page, method: string, path: string): Promise<HeldAnswers> {
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
  return { happened: happened.promise, calls: () => calls, letThrough: gate.resolve };
}
