import type { Page } from "playwright-core";

type HeldFrames = { readonly letThrough: () => Promise<void> };

const HOLD = `{
  const { requestAnimationFrame } = globalThis;
  const held = [];
  globalThis.requestAnimationFrame = (callback) => held.push(callback);
  globalThis.letFramesThrough = () => {
    globalThis.requestAnimationFrame = requestAnimationFrame;
    for (const callback of held) callback(performance.now());
  };
}`;

/** Delays everything the page does before it draws the next frame, as a busy machine does. */
export async function holdFrames(page: Page): Promise<HeldFrames> {
  await page.evaluate(HOLD);
  return { letThrough: () => page.evaluate("globalThis.letFramesThrough()") };
}
