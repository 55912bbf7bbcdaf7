import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { type ApiClient, setUpOwner } from "../support/api-client.ts";
import { browserMissing, launchBrowser, openPage } from "../support/browser.ts";
import { complaints } from "../support/complaints.ts";
import { connect, startEmptyServer } from "../support/dashboard.ts";
import { startTestReceiver, type TestReceiver } from "../support/receiver.ts";
import { awaitDeliveries } from "./await-deliveries.ts";

/** Connections and keys the states are looked at with. */
type Objects = {
  delivered: string;
  failed: string;
  fresh: string;
  paused: string;
  disconnected: string;
  /** Deliveries of one event: to the first of these connections, to the second, and to the paused one. */
  arrived: string;
  retrying: string;
  waiting: string;
  event: string;
  replay: string;
};

type State = {
  readonly name: string;
  readonly path: (objects: Objects) => string;
  /** Signed out, as whom nothing is known. */
  readonly anonymous?: boolean;
  readonly statuses?: readonly number[];
  readonly prepare?: (page: Page) => Promise<unknown>;
};

const press = (page: Page, name: string | RegExp) => page.getByRole("button", { name }).first().click();
const overview = (id: string) => `/integrations/connections/${id}`;
const settings = (id: string) => `/integrations/connections/${id}/settings`;

const STATES: readonly State[] = [
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
    prepare: async (page) => {
      await press(page, "Send test event");
      await page.getByRole("heading", { name: "Next steps" }).waitFor();
    },
  },
  {
    name: "test failed",
    path: ({ failed }) => overview(failed),
    prepare: async (page) => {
      await press(page, "Send test event");
      await page.getByText("What to do:").waitFor();
    },
  },
  {
    name: "no such connection",
    path: () => overview("0198c5f2-7c1e-7a54-9d3e-5b1f0c2a7e11"),
    statuses: [404],
    prepare: (page) => page.getByText("No connection at this address").waitFor(),
  },
  { name: "settings", path: ({ fresh }) => settings(fresh) },
  {
    name: "settings with an error",
    path: ({ fresh }) => settings(fresh),
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
    prepare: (page) => press(page, "Disconnect"),
  },
  {
    name: "dialog: remove secret",
    path: ({ fresh }) => settings(fresh),
    prepare: (page) => press(page, "Remove secret"),
  },
  {
    name: "dialog: leave",
    path: ({ fresh }) => settings(fresh),
    prepare: async (page) => {
      await page.getByLabel("Name", { exact: true }).fill("Another name");
      await page.getByRole("link", { name: "Overview" }).click();
      await page.getByRole("alertdialog").waitFor();
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
    prepare: (page: Page) => page.getByRole("heading", { name: "Request", exact: true }).waitFor(),
  })),
  {
    name: "no such delivery",
    path: () => "/deliveries/0198c5f2-7c1e-7a54-9d3e-5b1f0c2a7e11",
    statuses: [404],
    prepare: (page) => page.getByText("No delivery at this address").waitFor(),
  },
  {
    name: "dialog: cancel delivery",
    path: ({ waiting }) => `/deliveries/${waiting}`,
    prepare: (page) => press(page, "Cancel delivery"),
  },
  {
    name: "dialog: replay",
    path: () => "/deliveries?status=delivered",
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
    prepare: (page) => press(page, "Stop"),
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
    name: "event",
    path: ({ event }) => `/events/${event}`,
    prepare: (page) => page.getByRole("heading", { name: "Who did not get it, and why" }).waitFor(),
  },
  {
    name: "dialog: send event with errors",
    path: () => "/events",
    prepare: async (page) => {
      await press(page, "Send event");
      const dialog = page.getByRole("dialog");
      await dialog.getByLabel("Data", { exact: true }).fill("{");
      await dialog.getByRole("button", { name: "Send event" }).click();
      await dialog.getByText("This is not valid JSON.").waitFor();
    },
  },
  { name: "API keys", path: () => "/api-keys" },
  { name: "dialog: create key", path: () => "/api-keys", prepare: (page) => press(page, "Create key") },
  {
    name: "dialog: new key",
    path: () => "/api-keys",
    prepare: async (page) => {
      await press(page, "Create key");
      await page.getByLabel("Name", { exact: true }).fill("Looked at");
      await page.getByRole("dialog").getByRole("button", { name: "Create key" }).click();
      await page.getByText("Store this key now").waitFor();
    },
  },
  { name: "dialog: revoke key", path: () => "/api-keys", prepare: (page) => press(page, /^Revoke/) },
  {
    name: "account menu",
    path: () => "/api-keys",
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
    prepare: async (page) => {
      const menu = page.getByRole("button", { name: "Open menu" });
      if (await menu.isVisible()) await menu.click();
    },
  },
];

describe("accessibility", { skip: browserMissing }, () => {
  let browser: Browser;
  let server: Awaited<ReturnType<typeof startEmptyServer>>;
  let owner: ApiClient;
  let receiver: TestReceiver;
  let objects: Objects;

  before(async () => {
    [browser, server, receiver] = await Promise.all([
      launchBrowser(),
      startEmptyServer(),
      startTestReceiver(),
    ]);
    receiver.answer = (response, { path }) => {
      response.writeHead(path.endsWith("/bad") ? 500 : 200, { "retry-after": "3600" }).end("{}");
    };
  });
  after(() => Promise.all([browser.close(), server.stop(), receiver.close()]));

  test("setup", async () => {
    for (const width of [1280, 375] as const) {
      const watched = await openPage(browser, { url: server.url, width });
      await watched.page.goto(server.setupUrl);
      await watched.page.getByLabel("Email").waitFor();
      await watched.page.getByRole("button", { name: "Create account" }).click();
      await watched.page.getByText("Enter your email.").waitFor();
      assert.deepEqual(await complaints(watched.page), []);
      assert.deepEqual(watched.faults(), []);
      await watched.close();
    }
  });

  test("integrations and connect form of an empty workspace", async () => {
    owner = await setUpOwner(server);
    for (const width of [1280, 375] as const) {
      const watched = await openPage(browser, { url: server.url, cookie: owner.cookie, width });
      for (const path of ["/integrations", "/integrations/webhook", "/deliveries", "/events", "/api-keys"]) {
        await watched.page.goto(path);
        await watched.page.getByRole("heading", { level: 1 }).waitFor();
        assert.deepEqual(await complaints(watched.page), [], path);
      }
      assert.deepEqual(watched.faults(), []);
      await watched.close();
    }
  });

  test("objects to look at", async () => {
    const make = (name: string, path = "/good") =>
      connect(owner, { name, webhook_url: `${receiver.url}${path}`, signing_secret: "a-signing-secret" });
    const connections = {
      delivered: await make("Delivered"),
      failed: await make("Failed", "/hooks/bad"),
      fresh: await make("Fresh"),
      paused: await make("Paused"),
      disconnected: await make("Disconnected"),
    };
    objects = { ...connections, ...(await makeDeliveries(owner, connections)) };
    await owner.post(`/api/integrations/connections/${objects.failed}/test`);
    await owner.post(`/api/integrations/connections/${objects.paused}/pause`);
    await owner.delete(`/api/integrations/connections/${objects.disconnected}`);
    const key = {
      name: "Production backend",
      access: "sending_access",
      expires_at: "2099-01-01T00:00:00.000Z",
    };
    const made = await owner.post("/api/api-keys", key);
    await owner.post("/api/api-keys", { name: "CI", access: "full_access" });
    assert.equal(made.status, 201);
  });

  for (const width of [1280, 375] as const) {
    for (const state of STATES) {
      test(`${state.name} at ${width} px`, async () => {
        const watched = await openPage(browser, {
          url: server.url,
          cookie: state.anonymous ? null : owner.cookie,
          width,
          expectedStatuses: state.statuses ?? [],
        });
        const { page } = watched;
        await page.goto(state.path(objects));
        await page.getByRole("heading", { level: 1 }).waitFor();
        await state.prepare?.(page);
        assert.deepEqual(await complaints(page), []);
        assert.deepEqual(watched.faults(), []);
        await watched.close();
      });
    }
  }
});

/** One event that three of the connections are owed, and a replay that rests. */
async function makeDeliveries(
  owner: ApiClient,
  {
    delivered,
    failed,
    fresh,
    paused,
    disconnected,
  }: Record<"delivered" | "failed" | "fresh" | "paused" | "disconnected", string>,
) {
  for (const id of [fresh, disconnected]) {
    await owner.patch(`/api/integrations/connections/${id}`, { event_types: ["other.*"] });
  }
  await owner.post(`/api/integrations/connections/${paused}/pause`);
  const sent = await owner.post("/api/events", {
    type: "order.paid",
    data: { order_id: 42, customer: { name: "Ada Lovelace" } },
  });
  const deliveryTo = async (connectionId: string, query: string) => {
    const [delivery] = await awaitDeliveries(owner, `connection_id=${connectionId}&${query}`, 1);
    return delivery.id as string;
  };
  const made = {
    arrived: await deliveryTo(delivered, "status=delivered"),
    retrying: await deliveryTo(failed, "response=5xx"),
    waiting: await deliveryTo(paused, "status=pending"),
    event: sent.body.data.id as string,
  };
  // Of another connection, so that what is looked at stays as it is.
  const filter = { status: ["cancelled"] };
  const started = await owner.post("/api/deliveries/replay", { filter, rate_per_second: 1 });
  const replay = started.body.data.id as string;
  await owner.post(`/api/deliveries/replays/${replay}/pause`);
  return { ...made, replay };
}
