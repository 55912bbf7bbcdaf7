import type { Page } from "playwright-core";
import { opensendSignature } from "../../../src/crypto/opensend-signature.ts";
import type { Objects } from "../make-objects.ts";
import { openDialog, type PageState, press } from "./page-state.ts";

const overview = (id: string) => `/integrations/connections/${id}`;
const verify = (id: string) => `/integrations/connections/${id}/verify`;
const settings = (id: string) => `/integrations/connections/${id}/settings`;

/** The catalog, connections with their tabs, and the inspector. */
export const INTEGRATIONS: readonly PageState[] = [
  { name: "overview", path: () => "/" },
  { name: "overview, last hour", path: () => "/?range=1h" },
  { name: "issues", path: () => "/issues" },
  { name: "issues, none muted", path: () => "/issues?state=muted" },
  { name: "issue", path: ({ issue }) => `/issues/${issue}` },
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
    prepare: (page) => page.getByRole("button", { name: /Signed with a different secret/ }).waitFor(),
  },
  {
    name: "inspector, open request",
    path: () => "/integrations/inspector",
    prepare: async (page) => {
      await press(page, /Signed with a different secret/);
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
      await page.getByLabel("These types").check();
      await page.getByLabel("Types", { exact: true }).fill("order..paid");
      await press(page, "Save changes");
      await page.getByText("is not an event type").waitFor();
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
      await page
        .getByRole("navigation", { name: "Connection" })
        .getByRole("link", { name: "Overview" })
        .click();
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
      // Without an overlap period, so that the secret can be rotated again.
      await page.getByLabel("The old secret signs too for").selectOption("0");
      await page.getByRole("dialog").getByRole("button", { name: "Rotate" }).click();
      await page.getByText("Store this secret now").waitFor();
    },
  },
  { name: "verify", path: ({ fresh }) => verify(fresh) },
  { name: "verify, without a secret", path: ({ unsigned }) => verify(unsigned) },
  ...(["holds", "is invalid"] as const).map((outcome) => ({
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
      await press(page, "Verify signatures");
      await page
        .getByText(outcome === "holds" ? "x-opensend-signature is valid." : "the secret is a different one")
        .waitFor();
    },
  })),
  {
    name: "integrations, silent",
    path: () => "/integrations",
    prepare: async (page) => {
      await page.route("**/api/integrations/stats*", async (route) => {
        const response = await route.fetch();
        const body = (await response.json()) as { data: object };
        const since = new Date(Date.now() - 3.5 * 24 * 60 * 60 * 1000).toISOString();
        const silence = { since, events_per_day: 41 };
        await route.fulfill({ response, json: { ...body, data: { ...body.data, silence } } });
      });
      await page.reload();
      await page.getByText("Silent for 3 days.").waitFor();
    },
  },
];
