import type { Page } from "playwright-core";
import { axeViolations } from "./browser.ts";

const TARGET_PX = 44;

/**
 * Visible controls that are too small for a finger. Links inside a sentence may be as high as its lines (WCAG 2.5.8).
 * Rows that are out of sight are not laid out and keep their height from another width, so all are laid out before
 * measuring.
 */
const SMALL_TARGETS = `(() => {
  const skipping = [...document.querySelectorAll("body *")]
    .filter((one) => getComputedStyle(one).contentVisibility === "auto");
  for (const one of skipping) one.style.contentVisibility = "visible";
  const small = [...document.querySelectorAll("a, button, input, select, textarea, [role=menuitem], [role=menuitemradio]")]
  .filter((one) => one.checkVisibility({ visibilityProperty: true }) && getComputedStyle(one).display !== "inline")
  .filter((one) => !one.classList.contains("sr-only") || one.matches(":focus"))
  .map((one) => ({ one, box: (["radio", "checkbox"].includes(one.type) ? one.labels[0] : one).getBoundingClientRect() }))
  .filter(({ box }) => box.height < ${TARGET_PX} || box.width < ${TARGET_PX})
  .map(({ one, box }) => "target " + Math.round(box.width) + "x" + Math.round(box.height) + " " + one.outerHTML.slice(0, 120));
  for (const one of skipping) one.style.contentVisibility = "";
  return small;
})()`;

/** All faults of the page, in light and dark: axe violations, sideways scrolling, lost focus, small targets. */
export async function pageViolations(page: Page): Promise<string[]> {
  const found: string[] = [];
  for (const [colorScheme, what] of [
    ["light", "everything"],
    ["dark", "colors"],
  ] as const) {
    await page.emulateMedia({ colorScheme });
    found.push(...(await axeViolations(page, what)).map((violation) => `${colorScheme}: ${violation}`));
  }
  const overflow = await page.evaluate<number>("document.documentElement.scrollWidth - innerWidth");
  if (overflow > 0) found.push(`scrolls sideways by ${overflow} px`);
  if (await page.evaluate("document.activeElement === document.body")) found.push("focus is on body");
  if (await page.evaluate("innerWidth < 768")) found.push(...(await page.evaluate<string[]>(SMALL_TARGETS)));
  return found;
}
