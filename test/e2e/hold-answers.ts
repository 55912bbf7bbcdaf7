import type { Page } from "playwright-core";

type HeldAnswers = {
  /** Settles when the server has done the first of them, whose answer is on its way. */
  readonly happened: Promise<void>;
  /** How many calls were made so far. */
  readonly calls: () => number;
  readonly letThrough: () => void;
};

/** Holds back what the server answers to calls of a path, as a slow network does. */
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
