import type { Browser } from "playwright-core";
import type { ApiClient } from "../support/api-client.ts";
import { launchBrowser } from "../support/browser.ts";
import { makeSqlite } from "../support/databases.ts";
import { seed, signInSeededOwner } from "../support/seeded.ts";
import { type RunningServer, startServer } from "../support/server.ts";

/** Ids of objects in the seeded instance that have a page. */
export type SeededObjects = {
  readonly connection: string;
  readonly failedDelivery: string;
  readonly pendingDelivery: string;
  readonly event: string;
  readonly replay: string | null;
};

export type SeededPage = {
  readonly name: string;
  readonly path: (objects: SeededObjects) => string;
  /** Patterns that every row of its list must show as readable text at any width; null for pages without a list. */
  readonly columns: readonly RegExp[] | null;
};

const TYPE = /\b[a-z_]+\.[a-z_]+\b/;
const WHEN = /\b(?:ago|now|yesterday|today|\d{1,2}:\d{2}|\d{4}|Not signed in|Never)\b/;
const CONNECTION = / – |Built-in inspector/;

/** Every list and page of the dashboard. */
export const SEEDED_PAGES: readonly SeededPage[] = [
  { name: "overview", path: () => "/", columns: null },
  { name: "issues", path: () => "/issues", columns: null },
  { name: "integrations", path: () => "/integrations", columns: null },
  {
    name: "connections",
    path: () => "/integrations/webhook",
    columns: [CONNECTION, /Connected|Failing|Held|Paused|OK|Idle|Disconnected/],
  },
  { name: "connection", path: ({ connection }) => `/integrations/connections/${connection}`, columns: null },
  {
    name: "verify",
    path: ({ connection }) => `/integrations/connections/${connection}/verify`,
    columns: null,
  },
  {
    name: "connection settings",
    path: ({ connection }) => `/integrations/connections/${connection}/settings`,
    columns: null,
  },
  { name: "inspector", path: () => "/integrations/inspector", columns: null },
  {
    name: "deliveries",
    path: () => "/deliveries",
    columns: [/Delivered|Failed|Queued|Retrying|Held|Sending|Cancelled|Canceled/, TYPE, CONNECTION, WHEN],
  },
  {
    name: "deliveries that failed",
    path: () => "/deliveries?status=failed",
    columns: [/Failed/, TYPE, CONNECTION, WHEN],
  },
  {
    name: "delivery that failed",
    path: ({ failedDelivery }) => `/deliveries/${failedDelivery}`,
    columns: null,
  },
  {
    name: "delivery that waits",
    path: ({ pendingDelivery }) => `/deliveries/${pendingDelivery}`,
    columns: null,
  },
  { name: "replay", path: ({ replay }) => `/deliveries/replays/${replay}`, columns: null },
  { name: "replays", path: () => "/deliveries/replays", columns: null },
  { name: "events", path: () => "/events", columns: [TYPE, WHEN] },
  { name: "event", path: ({ event }) => `/events/${event}`, columns: null },
  { name: "event types", path: () => "/events/types", columns: null },
  { name: "API keys", path: () => "/api-keys", columns: [/os_\S+…\S{4}/, /Active|Revoked|Expired/, WHEN] },
  { name: "members", path: () => "/members", columns: [/@[\w.]+\.com/, WHEN] },
  {
    name: "audit log",
    path: () => "/audit-log",
    columns: [/connect|paused|Signed in|created|invited/i, WHEN],
  },
  { name: "workspace settings", path: () => "/settings", columns: null },
  { name: "account settings", path: () => "/settings/account", columns: null },
  { name: "alerts", path: () => "/settings/alerts", columns: null },
  { name: "system", path: () => "/settings/system", columns: null },
];

export type SeededDashboard = {
  readonly browser: Browser;
  readonly server: RunningServer;
  readonly owner: ApiClient;
  readonly objects: SeededObjects;
  readonly close: () => Promise<void>;
};

/** A server with its own seeded database, its signed-in owner, and a browser. */
export async function openSeededDashboard(): Promise<SeededDashboard> {
  const database = await makeSqlite();
  await seed(database.environment);
  const [browser, server] = await Promise.all([
    launchBrowser(),
    startServer(database.environment, { dataDir: database.dataDir }),
  ]);
  const owner = await signInSeededOwner(server);
  const { body } = await owner.post("/api/integrations/inspector");
  await owner.post(`/api/integrations/connections/${body.data.id}/test`);
  await owner.post("/api/invitations", { email: "new.colleague@example.com", role: "viewer" });
  return {
    browser,
    server,
    owner,
    objects: await findObjects(owner),
    close: async () => {
      await Promise.all([browser.close(), server.stop()]);
      await database.remove();
    },
  };
}

async function findObjects(owner: ApiClient): Promise<SeededObjects> {
  const first = async (path: string) => {
    const { body } = await owner.get(path);
    return body.data[0];
  };
  const failed = await first("/api/deliveries?status=failed&limit=1");
  const pending = await first("/api/deliveries?status=pending&limit=1");
  const replay = await first("/api/deliveries/replays?limit=1");
  return {
    connection: failed.connection_id,
    failedDelivery: failed.id,
    pendingDelivery: pending.id,
    event: failed.event_id,
    replay: replay?.id ?? null,
  };
}
