import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Browser } from "playwright-core";
import type { ApiClient } from "../support/api-client.ts";
import { browserMissing, launchBrowser, openPage } from "../support/browser.ts";
import { connect, startOwnedServer } from "../support/dashboard.ts";
import { startTestReceiver, type TestReceiver } from "../support/receiver.ts";
import type { RunningServer } from "../support/server.ts";
import { until } from "../support/until.ts";
import { awaitDeliveries } from "./await-deliveries.ts";

describe("the last 24 hours", { skip: browserMissing }, () => {
  let browser: Browser;
  let server: RunningServer;
  let owner: ApiClient;
  let receiver: TestReceiver;
  let good: string;
  let bad: string;
  before(async () => {
    let owned: Awaited<ReturnType<typeof startOwnedServer>>;
    [browser, owned, receiver] = await Promise.all([
      launchBrowser(),
      startOwnedServer(),
      startTestReceiver(),
    ]);
    ({ server, owner } = owned);
    receiver.respond = (response, { path }) => {
      response.writeHead(path === "/bad" ? 503 : 200, { "retry-after": "3600" }).end();
    };
    bad = await connect(owner, { name: "Bad", webhook_url: `${receiver.url}/bad`, event_types: ["bad.*"] });
    good = await connect(owner, {
      name: "Good",
      webhook_url: `${receiver.url}/good`,
      event_types: ["good.*"],
    });
  });
  after(() => Promise.all([browser.close(), server.stop(), receiver.close()]));

  const open = async (path: string) => {
    const watched = await openPage(browser, { url: server.url, cookie: owner.cookie });
    await watched.page.goto(path);
    return watched;
  };

  test("say when nothing was sent", async () => {
    const { page, faults } = await open(`/integrations/connections/${good}`);
    await page.getByRole("img", { name: "Last 24 hours: Nothing was sent in the last 24 hours" }).waitFor();
    await page.getByText("Nothing has been sent to this connection yet.").waitFor();
    assert.deepEqual(faults(), []);
  });

  test("are shown as bars and as text, for all connections and for one", async () => {
    for (let number = 0; number < 3; number += 1) {
      await owner.post("/api/events", { type: "good.one", data: { number } });
    }
    await owner.post("/api/events", { type: "bad.one", data: {} });
    await awaitDeliveries(owner, "status=delivered", 3);
    await awaitDeliveries(owner, "response=5xx", 1);
    // Successes of a healthy connection are counted once per second.
    await until(async () => {
      const { data } = (await owner.get("/api/integrations/stats")).body;
      return data.delivered === 3 && data.failed === 1;
    });

    const all = await open("/integrations");
    const words =
      /^Last 24 hours: 3 of 4 delivered, p95 (\d+ ms|under 1 ms|[\d.]+ s), last failure (just now|\d+ min\. ago)$/;
    await all.page.getByRole("img", { name: words }).waitFor();
    assert.match((await all.page.locator("main").textContent()) ?? "", /3 of 4 delivered, p95/);
    assert.equal(await all.page.locator("svg[role=img] g").count(), 24);
    assert.deepEqual(all.faults(), []);

    const one = await open(`/integrations/connections/${bad}`);
    await one.page.getByRole("img", { name: /^Last 24 hours: 0 of 1 delivered/ }).waitFor();
    const recent = one.page.getByRole("region", { name: "Recent deliveries" });
    await recent.getByRole("link", { name: /Retrying.*bad\.one.*503/ }).waitFor();
    await recent.getByRole("link", { name: "All deliveries of this connection" }).click();
    await one.page.waitForURL(`**/deliveries?connection=${bad}`);
    await one.page.getByRole("link", { name: /bad\.one/ }).waitFor();
    assert.deepEqual(one.faults(), []);
  });

  test("leave the rest of the page working when they cannot be loaded", async () => {
    const { page } = await openPage(browser, { url: server.url, cookie: owner.cookie });
    await page.route("**/api/integrations/stats*", (route) => route.fulfill({ status: 422, json: {} }));
    await page.goto(`/integrations/connections/${good}`);
    await page
      .getByRole("link", { name: /good\.one/ })
      .first()
      .waitFor();
    assert.equal(await page.getByRole("img", { name: /^Last 24 hours/ }).count(), 0);
    assert.ok(await page.getByText("OK", { exact: true }).isVisible());
  });
});
