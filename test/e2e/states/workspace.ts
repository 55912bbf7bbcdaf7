import { openDialog, type PageState, press } from "./page-state.ts";

/** Audit log, API keys, members and settings. */
export const WORKSPACE: readonly PageState[] = [
  { name: "audit log", path: () => "/audit-log" },
  { name: "audit log, filtered", path: () => "/audit-log?action=connection.*&actor=user" },
  {
    name: "audit log of which nothing matches",
    path: () => "/audit-log?action=replay.stopped",
    prepare: (page) => page.getByText("No matches", { exact: true }).waitFor(),
  },
  { name: "API keys", path: () => "/api-keys" },
  {
    name: "dialog: create key",
    path: () => "/api-keys",
    changes: true,
    prepare: (page) => openDialog(page, "Create key"),
  },
  {
    name: "dialog: new key",
    path: () => "/api-keys",
    changes: true,
    prepare: async (page) => {
      await press(page, "Create key");
      await page.getByLabel("Name", { exact: true }).fill("Looked at");
      await page.getByRole("dialog").getByRole("button", { name: "Create key" }).click();
      await page.getByText("Save this key now").waitFor();
    },
  },
  {
    name: "dialog: replace key",
    path: () => "/api-keys",
    changes: true,
    prepare: (page) => openDialog(page, /^Replace/),
  },
  {
    name: "dialog: revoke key",
    path: () => "/api-keys",
    changes: true,
    prepare: (page) => openDialog(page, /^Revoke/),
  },
  { name: "members", path: () => "/members" },
  {
    name: "dialog: invite with errors",
    path: () => "/members",
    changes: true,
    prepare: async (page) => {
      await press(page, "Invite");
      await page.getByRole("dialog").getByLabel("Email").fill("nobody");
      await press(page, "Create link");
      await page.getByText("This is not an email address.").waitFor();
    },
  },
  {
    name: "dialog: invitation link",
    path: () => "/members",
    changes: true,
    prepare: async (page) => {
      await press(page, "Invite");
      await page.getByRole("dialog").getByLabel("Email").fill("looked-at@example.com");
      await press(page, "Create link");
      await page.getByText("Copy the invitation link").waitFor();
    },
  },
  {
    name: "dialog: change role",
    path: () => "/members",
    changes: true,
    prepare: async (page) => {
      await page.getByLabel("Role of Vera Rubin").selectOption("admin");
      await page.getByRole("alertdialog").waitFor();
    },
  },
  {
    name: "dialog: remove member",
    path: () => "/members",
    changes: true,
    prepare: (page) => openDialog(page, "Remove Vera Rubin"),
  },
  {
    name: "dialog: revoke invitation",
    path: () => "/members",
    changes: true,
    prepare: (page) => openDialog(page, "Revoke the invitation of edsger@example.com"),
  },
  {
    name: "workspace settings",
    path: () => "/settings",
    prepare: (page) => page.getByLabel("Days payloads are kept").waitFor(),
  },
  {
    name: "workspace settings with errors",
    path: () => "/settings",
    changes: true,
    prepare: async (page) => {
      await page.getByLabel("Name", { exact: true }).fill(" ");
      await page.getByLabel("Days payloads are kept").fill("31");
      await page.getByLabel("Days statuses are kept").fill("soon");
      await press(page, "Save changes");
      await page.getByText("Enter a whole number of days").waitFor();
    },
  },
  {
    name: "dialog: keep less",
    path: () => "/settings",
    changes: true,
    prepare: async (page) => {
      await page.getByLabel("Days payloads are kept").fill("7");
      await press(page, "Save changes");
      await page.getByRole("alertdialog").waitFor();
    },
  },
  {
    name: "alerts",
    path: () => "/settings/alerts",
    prepare: (page) => page.getByText("No alerts yet").waitFor(),
  },
  {
    name: "dialog: new alert with errors",
    path: () => "/settings/alerts",
    changes: true,
    prepare: async (page) => {
      await press(page, "New alert");
      await page.getByRole("dialog").getByLabel("Name").waitFor();
      await press(page, "Create alert");
      await page.getByText("Enter a name.").waitFor();
    },
  },
  {
    name: "account settings",
    path: () => "/settings/account",
    own: true,
    prepare: (page) => page.getByText("This one", { exact: true }).waitFor(),
  },
  {
    name: "account settings with errors",
    path: () => "/settings/account",
    own: true,
    prepare: async (page) => {
      await page.getByLabel("Name", { exact: true }).fill(" ");
      await press(page, "Save name");
      await page.getByLabel("New password", { exact: true }).fill("short");
      await press(page, "Change password");
      await page.getByText("Use at least 12 characters.").waitFor();
    },
  },
  {
    name: "dialog: end sessions",
    path: () => "/settings/account",
    own: true,
    prepare: async (page) => {
      await press(page, "End all others");
      await page.getByRole("alertdialog").waitFor();
    },
  },
  {
    name: "system",
    path: () => "/settings/system",
    prepare: (page) => page.getByRole("heading", { name: "Encryption key" }).waitFor(),
  },
];
