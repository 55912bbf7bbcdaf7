import type { Page } from "playwright-core";
import type { Objects } from "../make-objects.ts";

export type PageState = {
  readonly name: string;
  readonly path: (objects: Objects) => string;
  /** Signed out, as whom nothing is known. */
  readonly anonymous?: boolean;
  readonly statuses?: readonly number[];
  /** Is prepared by a press that only those who may change something can make. */
  readonly changes?: true;
  /** What is there is the person's own: anyone who is signed in may change it. */
  readonly own?: true;
  /** Is opened another way on a phone. */
  readonly opensByWidth?: true;
  readonly prepare?: (page: Page) => Promise<unknown>;
};

/** Presses the first button of that name. */
export const press = (page: Page, name: string | RegExp) =>
  page.getByRole("button", { name }).first().click();
/** Presses a button, and waits for what it opens: a dialog is fetched first. */
export const openDialog = async (page: Page, name: string | RegExp) => {
  await press(page, name);
  await page.getByRole("dialog").or(page.getByRole("alertdialog")).waitFor();
};
