import { type PageState, press } from "./page-state.ts";

/** Pages outside the workspace: sign-in, setup, invitations. */
export const PUBLIC_PAGES: readonly PageState[] = [
  { name: "sign-in", path: () => "/sign-in", anonymous: true },
  {
    name: "sign-in refused",
    path: () => "/sign-in",
    anonymous: true,
    statuses: [401],
    prepare: async (page) => {
      await page.getByLabel("Email").fill("nobody@example.com");
      await page.getByLabel("Password", { exact: true }).fill("wrong");
      await press(page, "Sign in");
      await page.getByRole("alert").waitFor();
    },
  },
  { name: "forgot password", path: () => "/forgot-password", anonymous: true },
  { name: "reset password, no token", path: () => "/reset-password", anonymous: true },
  { name: "setup, closed", path: () => "/setup?token=x", anonymous: true },
  { name: "not found", path: () => "/nowhere", anonymous: true },
  { name: "invite, new account", path: ({ invitationNew }) => `/invite#${invitationNew}`, anonymous: true },
  {
    name: "invite with errors",
    path: ({ invitationNew }) => `/invite#${invitationNew}`,
    anonymous: true,
    prepare: async (page) => {
      await press(page, "Join");
      await page.getByText("Enter the name that others see.").waitFor();
    },
  },
  {
    name: "invite, known account",
    path: ({ invitationKnown }) => `/invite#${invitationKnown}`,
    anonymous: true,
  },
  { name: "invite, signed in", path: ({ invitationOwn }) => `/invite#${invitationOwn}`, own: true },
  {
    name: "invite, signed in as another",
    path: ({ invitationNew }) => `/invite#${invitationNew}`,
    own: true,
  },
  {
    name: "invite, not valid",
    path: () => "/invite#not-a-token",
    anonymous: true,
    statuses: [404],
    prepare: (page) => page.getByText("This invitation is not valid").waitFor(),
  },
  { name: "invite, no token", path: () => "/invite", anonymous: true },
];
