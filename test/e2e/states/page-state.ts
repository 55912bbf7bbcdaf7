import type { Page } from "playwright-core";
import type { Objects } from "../make-objects.ts";

export type PageState = {
  readonly name: string;
  readonly path: (objects: Objects) => string;
  /** Opened without a session. */
  readonly anonymous?: boolean;
  readonly statuses?: readonly number[];
  /** Prepared by an action that viewers cannot take. */
  readonly changes?: true;
  /** The content belongs to the signed-in person, who can change it whatever their role. */
  readonly own?: true;
  /** Opened differently on a phone. */
  readonly opensByWidth?: true;
  readonly prepare?: (page: Page) => Promise<unknown>;
};

/** Presses the first button with this name. */
export const press = (page: Page, name: string | RegExp) =>
  page.getByRole("button", { name }).first().click();
/** Presses a button, and waits for its dialog, whose code is loaded first. */
export const openDialog = async (page: Page, name: string | RegExp) => {
  await press(page, name);
  await page.getByRole("dialog").or(page.getByRole("alertdialog")).waitFor();
};
