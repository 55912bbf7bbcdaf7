import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Browser } from "playwright-core";
import type { ApiClient } from "../support/api-client.ts";
import { browserMissing, launchBrowser, openPage, until } from "../support/browser.ts";
import { connect, startOwnedServer } from "../support/dashboard.ts";
import { startTestReceiver, type TestReceiver } from "../support/receiver.ts";
import { type RunningServer, startServer } from "../support/server.ts";
import { awaitDeliveries } from "./await-deliveries.ts";

const RECOVERY_MS_MAX = 45_000;

describe("the list after a server outage", { skip: browserMissing }, () => {
  let browser: Browser;
  let server: RunningServer;
  let owner: ApiClient;
  let receiver: TestReceiver;
  before(async () => {
    [browser, receiver] = await Promise.all([launchBrowser(), startTestReceiver()]);
    ({ server, owner } = await startOwnedServer());
    await connect(owner, { name: "Orders", webhook_url: `${receiver.url}/orders` });
    await owner.post("/api/events", { type: "order.before", data: {} });
    await awaitDeliveries(owner, "status=delivered", 1);
  });
  after(() => Promise.all([browser.close(), server.stop(), receiver.close()]));

  test("reloads automatically, also if it could not be loaded before", async () => {
    const watch = () => openPage(browser, { url: server.url, cookie: owner.cookie });
    const [open, unread] = [(await watch()).page, (await watch()).page];
    await open.goto("/deliveries");
    await open.getByRole("link", { name: /order\.before/ }).waitFor();
    await until(open, "document.querySelector('main [aria-pressed=true]')?.textContent === 'Liveon'");
    await unread.goto("/deliveries");
    await unread.getByRole("link", { name: /order\.before/ }).waitFor();

    await server.kill();
    await open.getByText("Reconnecting …").waitFor();
    assert.notEqual(await open.getByRole("button", { name: /^Live/ }).textContent(), "Liveon");
    await unread.getByRole("link", { name: "Failed" }).click();
    await unread.getByText("Deliveries could not be loaded").waitFor({ timeout: 30_000 });

    server = await startServer({ PORT: new URL(server.url).port }, { dataDir: server.dataDir });
    await owner.post("/api/events", { type: "order.after", data: {} });
    await open.getByRole("button", { name: "1 new" }).waitFor({ timeout: RECOVERY_MS_MAX });
    await unread.getByText("Nothing matches", { exact: true }).waitFor({ timeout: RECOVERY_MS_MAX });
    await open.getByText("Reconnecting …").waitFor({ state: "detached", timeout: RECOVERY_MS_MAX });
  });
});
