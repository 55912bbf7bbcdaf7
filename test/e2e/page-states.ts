import type { Page } from "playwright-core";
import { opensendSignature } from "../../src/crypto/opensend-signature.ts";
import type { Objects } from "./make-objects.ts";

export type PageState = {
  readonly name: string;
  readonly path: (objects: Objects) => string;
  /** Signed out, as whom nothing is known. */
  readonly anonymous?: boolean;
  readonly statuses?: readonly number[];
  /** Is prepared by a press that only those who may change something can make. */
  readonly changes?: true;
  /** What stands there is the person's own: whoever is signed in may change it. */
  readonly own?: true;
  /** Is opened another way on a phone. */
  readonly opensByWidth?: true;
  readonly prepare?: (page: Page) => Promise<unknown>;
};

const press = (page: Page, name: string | RegExp) => page.getByRole("button", { name }).first().click();
/** Presses a button, and waits for what it opens: a dialog is fetched first. */
const openDialog = async (page: Page, name: string | RegExp) => {
  await press(page, name);
  await page.getByRole("dialog").or(page.getByRole("alertdialog")).waitFor();
};
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
const overview = (id: string) => `/integrations/connections/${id}`;
const verify = (id: string) => `/integrations/connections/${id}/verify`;
const settings = (id: string) => `/integrations/connections/${id}/settings`;

/** A stream that tells of one attempt and ends, for a reader who comes back in an hour. */
function underWay(deliveryId: string): string {
  const attempt = {
    delivery_id: deliveryId,
    connection_id: deliveryId,
    number: 1,
    trigger: "schedule",
    started_at: "2099-01-01T00:00:00.000Z",
    stage: "tls",
    timings: { queued: 12, dns: 4.2, connect: 21, tls: null, sent: null, first_byte: null, total: 25.4 },
  };
  return `retry: 3600000\n\nevent: attempt\ndata: ${JSON.stringify(attempt)}\n\n`;
}

/** Every page, in the states a person may find it in. They are read by one owner, and change nothing of each other. */
export const STATES: readonly PageState[] = [
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
  { name: "setup, closed", path: () => "/setup?token=x", anonymous: true },
  { name: "not found", path: () => "/nowhere", anonymous: true },
  { name: "integrations", path: () => "/integrations" },
  { name: "connections", path: () => "/integrations/webhook" },
  {
    name: "connect form with errors",
    path: () => "/integrations/webhook",
    changes: true,
    prepare: async (page) => {
      await press(page, "Connect another");
      await press(page, "Generate a signing secret");
      await page.getByLabel("Webhook URL").fill("nonsense");
      await press(page, "Save");
      await page.getByText("Enter a whole URL").waitFor();
    },
  },
  {
    name: "connect form with an n8n test URL",
    path: () => "/integrations/webhook",
    changes: true,
    prepare: async (page) => {
      await press(page, "Connect another");
      await page.getByLabel("Webhook URL").fill("https://acme.app.n8n.cloud/webhook-test/1");
      await page.getByText("This is an n8n test URL").waitFor();
    },
  },
  { name: "connection, not tested", path: ({ fresh }) => overview(fresh) },
  { name: "connection, paused", path: ({ paused }) => overview(paused) },
  { name: "connection, disconnected", path: ({ disconnected }) => overview(disconnected) },
  { name: "connection with its last error", path: ({ failed }) => overview(failed) },
  {
    name: "test delivered",
    path: ({ delivered }) => overview(delivered),
    changes: true,
    prepare: async (page) => {
      await press(page, "Send test event");
      await page.getByRole("heading", { name: "Next steps" }).waitFor();
    },
  },
  {
    name: "test failed",
    path: ({ failed }) => overview(failed),
    changes: true,
    prepare: async (page) => {
      await press(page, "Send test event");
      await page.getByText("What to do:").waitFor();
    },
  },
  {
    name: "test under way",
    path: ({ hanging }) => overview(hanging),
    changes: true,
    prepare: async (page) => {
      await press(page, "Send test event");
      await page.getByText(/^Waiting for the first byte…/).waitFor();
    },
  },
  {
    name: "no such connection",
    path: () => overview("0198c5f2-7c1e-7a54-9d3e-5b1f0c2a7e11"),
    statuses: [404],
    prepare: (page) => page.getByText("No connection at this address").waitFor(),
  },
  { name: "connection of the inspector", path: ({ inspector }) => overview(inspector) },
  {
    name: "inspector",
    path: () => "/integrations/inspector",
    prepare: (page) => page.getByRole("button", { name: /Signed by another secret/ }).waitFor(),
  },
  {
    name: "inspector, open request",
    path: () => "/integrations/inspector",
    prepare: async (page) => {
      await press(page, /Signed by another secret/);
      await page.getByText("x-opensend-signature").first().waitFor();
    },
  },
  {
    name: "inspector with an error",
    path: () => "/integrations/inspector",
    changes: true,
    prepare: async (page) => {
      await page.getByLabel("Retry-After in seconds").fill("soon");
      await press(page, "Set");
      await page.getByText("Enter whole seconds").waitFor();
    },
  },
  {
    name: "dialog: clear the inspector",
    path: () => "/integrations/inspector",
    changes: true,
    prepare: async (page) => {
      await press(page, "Clear");
      await page.getByRole("alertdialog").waitFor();
    },
  },
  { name: "settings", path: ({ fresh }) => settings(fresh) },
  {
    name: "settings with an error",
    path: ({ fresh }) => settings(fresh),
    changes: true,
    prepare: async (page) => {
      await page.getByLabel("Only some types").check();
      await page.getByLabel("Types", { exact: true }).fill("order..paid");
      await press(page, "Save changes");
      await page.getByText("is no event type").waitFor();
    },
  },
  { name: "settings, disconnected", path: ({ disconnected }) => settings(disconnected) },
  {
    name: "dialog: disconnect",
    path: ({ fresh }) => settings(fresh),
    changes: true,
    prepare: (page) => openDialog(page, "Disconnect"),
  },
  {
    name: "dialog: remove secret",
    path: ({ fresh }) => settings(fresh),
    changes: true,
    prepare: (page) => openDialog(page, "Remove secret"),
  },
  {
    name: "dialog: leave",
    path: ({ fresh }) => settings(fresh),
    changes: true,
    prepare: async (page) => {
      await page.getByLabel("Name", { exact: true }).fill("Another name");
      await page.getByRole("link", { name: "Overview" }).click();
      await page.getByRole("alertdialog").waitFor();
    },
  },
  {
    name: "dialog: rotate secret",
    path: ({ fresh }) => settings(fresh),
    changes: true,
    prepare: (page) => openDialog(page, "Rotate secret"),
  },
  {
    name: "dialog: rotated secret",
    path: ({ fresh }) => settings(fresh),
    changes: true,
    prepare: async (page) => {
      await openDialog(page, "Rotate secret");
      // Without a time in which both sign, so that it can be rotated again.
      await page.getByLabel("The secret before signs too for").selectOption("0");
      await page.getByRole("dialog").getByRole("button", { name: "Rotate" }).click();
      await page.getByText("Store this secret now").waitFor();
    },
  },
  { name: "verify", path: ({ fresh }) => verify(fresh) },
  { name: "verify, without a secret", path: ({ unsigned }) => verify(unsigned) },
  ...(["holds", "does not hold"] as const).map((outcome) => ({
    name: `verify, a signature that ${outcome}`,
    path: ({ fresh }: Objects) => verify(fresh),
    prepare: async (page: Page) => {
      await page.getByLabel("Signing secret", { exact: true }).fill("a-signing-secret");
      const timestamp = Math.floor(Date.now() / 1000);
      const secret = outcome === "holds" ? "a-signing-secret" : "another";
      const signature = opensendSignature(secret, timestamp, "{}");
      await page
        .getByLabel("Request", { exact: true })
        .fill(`x-opensend-timestamp: ${timestamp}\nx-opensend-signature: ${signature}\n\n{}`);
      await press(page, "Check the signature");
      await page.getByText(outcome === "holds" ? "The signature holds." : "the secret is another").waitFor();
    },
  })),
  {
    name: "integrations, silent",
    path: () => "/integrations",
    prepare: async (page) => {
      await page.route("**/api/integrations/stats*", async (route) => {
        const response = await route.fetch();
        const answer = (await response.json()) as { data: object };
        const since = new Date(Date.now() - 3.5 * 24 * 60 * 60 * 1000).toISOString();
        const silence = { since, events_per_day: 41 };
        await route.fulfill({ response, json: { ...answer, data: { ...answer.data, silence } } });
      });
      await page.reload();
      await page.getByText("Silent for 3 days.").waitFor();
    },
  },
  {
    name: "palette",
    path: () => "/integrations",
    prepare: async (page) => {
      await page.keyboard.press("Control+k");
      await page.getByRole("option", { name: /^Sign out/ }).waitFor();
    },
  },
  {
    name: "palette with what was found",
    path: () => "/events",
    prepare: async (page) => {
      await palette(page, "fresh");
      await page.getByRole("option", { name: /^Send test event to Fresh/ }).waitFor();
    },
  },
  {
    name: "palette that finds nothing",
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
    name: "deliveries, with new ones waiting",
    path: () => "/deliveries",
    changes: true,
    prepare: async (page) => {
      await page
        .getByRole("link", { name: /order\.paid/ })
        .first()
        .waitFor();
      const headers = { origin: new URL(page.url()).origin };
      // The list follows once its stream is open, which nothing on the page tells.
      for (let tries = 0; tries < 20; tries += 1) {
        await page.request.post("/api/events", { headers, data: { type: "stock.changed", data: {} } });
        const pill = page.getByRole("button", { name: /new$/ });
        if (
          await pill.waitFor({ timeout: 1_000 }).then(
            () => true,
            () => false,
          )
        )
          return;
      }
      throw new Error("no pill came");
    },
  },
  {
    name: "deliveries",
    path: () => "/deliveries",
    prepare: (page) =>
      page
        .getByRole("link", { name: /order\.paid/ })
        .first()
        .waitFor(),
  },
  {
    name: "deliveries between two moments",
    path: () => "/deliveries?from=2020-01-01T00:00:00.000Z",
    prepare: (page) => page.getByLabel("Before").waitFor(),
  },
  {
    name: "deliveries of which none match",
    path: () => "/deliveries?status=cancelled",
    prepare: (page) => page.getByText("Nothing matches", { exact: true }).waitFor(),
  },
  ...(["arrived", "retrying", "waiting"] as const).map((which) => ({
    name: `delivery, ${which}`,
    path: (objects: Objects) => `/deliveries/${objects[which]}`,
    opensByWidth: true as const,
    prepare: (page: Page) => page.getByRole("heading", { name: "Request", exact: true }).waitFor(),
  })),
  {
    name: "delivery under way, while the stream is cut",
    path: ({ waiting }) => `/deliveries/${waiting}`,
    opensByWidth: true,
    prepare: async (page) => {
      const id = page.url().split("/").at(-1) ?? "";
      const headers = { "content-type": "text/event-stream" };
      await page.route(/\/api\/stream/, (route) => route.fulfill({ headers, body: underWay(id) }));
      await page.reload();
      await page.getByText(/^Agreeing on TLS…/).waitFor();
      await page.getByText("Reconnecting …").last().waitFor();
    },
  },
  {
    name: "delivery, compared with the last success",
    path: ({ changed }) => `/deliveries/${changed}`,
    opensByWidth: true,
    prepare: (page) => page.getByText("Connection updated: webhook URL").waitFor(),
  },
  {
    name: "no such delivery",
    path: () => "/deliveries/0198c5f2-7c1e-7a54-9d3e-5b1f0c2a7e11",
    opensByWidth: true,
    statuses: [404],
    prepare: (page) => page.getByText("No delivery at this address").waitFor(),
  },
  {
    name: "dialog: cancel delivery",
    path: ({ waiting }) => `/deliveries/${waiting}`,
    changes: true,
    prepare: (page) => openDialog(page, "Cancel delivery"),
  },
  {
    name: "dialog: replay",
    path: () => "/deliveries?status=delivered",
    changes: true,
    prepare: async (page) => {
      await press(page, "Replay…");
      await page.getByText("Dry run").waitFor();
    },
  },
  {
    name: "replay",
    path: ({ replay }) => `/deliveries/replays/${replay}`,
    prepare: (page) => page.getByRole("progressbar").waitFor(),
  },
  {
    name: "dialog: stop replay",
    path: ({ replay }) => `/deliveries/replays/${replay}`,
    changes: true,
    prepare: (page) => openDialog(page, "Stop"),
  },
  {
    name: "no such replay",
    path: () => "/deliveries/replays/0198c5f2-7c1e-7a54-9d3e-5b1f0c2a7e11",
    statuses: [404],
    prepare: (page) => page.getByText("No replay at this address").waitFor(),
  },
  {
    name: "events",
    path: () => "/events",
    prepare: (page) =>
      page
        .getByRole("link", { name: /order\.paid/ })
        .first()
        .waitFor(),
  },
  {
    name: "events of which none match",
    path: () => "/events?type=nothing.like.it",
    prepare: (page) => page.getByText("Nothing matches", { exact: true }).waitFor(),
  },
  { name: "audit log", path: () => "/audit-log" },
  { name: "audit log, filtered", path: () => "/audit-log?action=connection.*&actor=user" },
  {
    name: "audit log of which nothing matches",
    path: () => "/audit-log?action=replay.stopped",
    prepare: (page) => page.getByText("Nothing matches", { exact: true }).waitFor(),
  },
  {
    name: "event",
    path: ({ event }) => `/events/${event}`,
    prepare: (page) => page.getByRole("heading", { name: "Who did not get it, and why" }).waitFor(),
  },
  {
    name: "dialog: send event with errors",
    path: () => "/events",
    changes: true,
    prepare: async (page) => {
      await press(page, "Send event");
      const dialog = page.getByRole("dialog");
      await dialog.getByLabel("Data", { exact: true }).fill("{");
      await dialog.getByRole("button", { name: "Send event" }).click();
      await dialog.getByText("This is not valid JSON.").waitFor();
    },
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
      await page.getByText("Store this key now").waitFor();
    },
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
      await page.getByText("Send this link now").waitFor();
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
