import type { Page } from "playwright-core";

/**
 * Leaves or covers the page, so the other controls could not be pressed. The palette and menus have their own states.
 */
const LEAVES = /^(sign out|close|close menu|cancel|open menu|search.*|.*(account|workspace) menu)$/i;
const CONTROLS =
  "button, [role=menuitem], [role=tab], [role=switch], input[type=checkbox], input[type=radio]";

type Control = {
  readonly index: number;
  readonly name: string;
  readonly isDisabled: boolean;
  /** Whether an open dialog covers it. */
  readonly isCovered: boolean;
  readonly reason: string;
};

/** A string, because this file is type-checked without the DOM's types. */
const READ_CONTROLS = `(() => {
  const dialog = document.querySelector("[role=dialog], [role=alertdialog], [role=menu]");
  const controls = [...document.querySelectorAll(${JSON.stringify(CONTROLS)})];
  return controls.flatMap((one, index) => {
    if (!one.checkVisibility({ visibilityProperty: true })) return [];
    const described = (one.getAttribute("aria-describedby") ?? "").split(" ");
    return [{
      index,
      name: (one.getAttribute("aria-label") ?? one.labels?.[0]?.textContent ?? one.textContent).trim(),
      isDisabled: one.getAttribute("aria-disabled") === "true" || one.disabled === true,
      isCovered: dialog !== null && !dialog.contains(one),
      reason: described.map((id) => document.getElementById(id)?.textContent ?? "").join(" ").trim(),
    }];
  });
})()`;

const COUNT_POPUPS = `document.querySelectorAll("[role=dialog], [role=alertdialog]").length`;

/**
 * Presses every control of a page, and Enter in every field. Returns the faults: disabled controls without a reason,
 * and disabled controls that still open something.
 */
export async function pressEverything(page: Page): Promise<string[]> {
  const wrong: string[] = [];
  for (const control of await page.evaluate<Control[]>(READ_CONTROLS)) {
    if (control.isCovered || LEAVES.test(control.name)) continue;
    // By script, because something that a previous control opened may cover it.
    const press = `[...document.querySelectorAll(${JSON.stringify(CONTROLS)})][${control.index}]?.click()`;
    const popups = await page.evaluate<number>(
      `(() => { const before = ${COUNT_POPUPS}; ${press}; return before; })()`,
    );
    if (!control.isDisabled) continue;
    if (control.reason === "") wrong.push(`“${control.name}” is disabled and does not say why`);
    if ((await page.evaluate<number>(COUNT_POPUPS)) > popups) {
      wrong.push(`“${control.name}” is disabled and opens something`);
    }
  }
  const fields = page.locator("form input:not([type=checkbox]):not([type=radio])");
  for (const field of await fields.all()) {
    if (!(await field.isVisible())) continue;
    await field.focus();
    await page.keyboard.press("Enter");
  }
  return wrong;
}
