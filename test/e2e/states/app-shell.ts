import type { Page } from "playwright-core";
import type { PageState } from "./page-state.ts";

const palette = async (page: Page, typed: string) => {
  await page.keyboard.press("Control+k");
  await page.getByRole("dialog").getByRole("combobox").fill(typed);
};
const openWorkspaceMenu = async (page: Page) => {
  const menu = page.getByRole("button", { name: "Open menu" });
  if (await menu.isVisible()) await menu.click();
  await page
    .getByRole("button", { name: /Workspace menu/ })
    .last()
    .click();
};

/** Elements around or above every page: palette, help, menus. */
export const APP_SHELL: readonly PageState[] = [
  {
    name: "palette",
    path: () => "/integrations",
    prepare: async (page) => {
      await page.keyboard.press("Control+k");
      await page.getByRole("option", { name: /^Sign out/ }).waitFor();
    },
  },
  {
    name: "palette with results",
    path: () => "/events",
    prepare: async (page) => {
      await palette(page, "fresh");
      await page.getByRole("option", { name: /^Send test event to Fresh/ }).waitFor();
    },
  },
  {
    name: "palette without results",
    path: () => "/events",
    prepare: async (page) => {
      await palette(page, "nothing is called like that");
      await page.getByText("Nothing found.").waitFor();
    },
  },
  {
    name: "help",
    path: () => "/deliveries",
    prepare: async (page) => {
      await page.keyboard.press("?");
      await page.getByRole("dialog", { name: "Keyboard shortcuts" }).waitFor();
    },
  },
  {
    name: "workspace menu",
    path: () => "/api-keys",
    opensByWidth: true,
    own: true,
    prepare: async (page) => {
      await openWorkspaceMenu(page);
      await page.getByRole("menuitem", { name: "New workspace" }).waitFor();
    },
  },
  {
    name: "dialog: new workspace",
    path: () => "/api-keys",
    opensByWidth: true,
    changes: true,
    prepare: async (page) => {
      await openWorkspaceMenu(page);
      await page.getByRole("menuitem", { name: "New workspace" }).click();
      await page.getByRole("dialog", { name: "New workspace" }).waitFor();
    },
  },
  {
    name: "dialog: leave workspace",
    path: () => "/api-keys",
    opensByWidth: true,
    own: true,
    prepare: async (page) => {
      await openWorkspaceMenu(page);
      await page.getByRole("menuitem", { name: "Leave workspace" }).click();
      await page.getByRole("alertdialog").waitFor();
    },
  },
  {
    name: "account menu",
    path: () => "/api-keys",
    opensByWidth: true,
    prepare: async (page) => {
      const menu = page.getByRole("button", { name: "Open menu" });
      if (await menu.isVisible()) await menu.click();
      await page
        .getByRole("button", { name: /Account menu/ })
        .last()
        .click();
      await page.getByRole("menuitem", { name: "Sign out" }).waitFor();
    },
  },
  {
    name: "menu drawer or sidebar",
    path: () => "/integrations",
    opensByWidth: true,
    prepare: async (page) => {
      const menu = page.getByRole("button", { name: "Open menu" });
      if (!(await menu.isVisible())) return;
      await menu.click();
      await page.getByRole("dialog").waitFor();
    },
  },
];
