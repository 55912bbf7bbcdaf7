import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Browser } from "playwright-core";
import { openStore } from "../../src/db/open.ts";
import type { ApiClient } from "../support/api-client.ts";
import { browserMissing, launchBrowser, openPage } from "../support/browser.ts";
import { connect, startOwnedServer } from "../support/dashboard.ts";
import { pageViolations } from "../support/page-violations.ts";
import { startTestReceiver, type TestReceiver } from "../support/receiver.ts";
import { seedSteadyHours } from "../support/seed-hours.ts";
import type { RunningServer } from "../support/server.ts";

const DAY = 24 * 60 * 60 * 1000;

describe("a connection that no longer gets its regular events", { skip: browserMissing }, () => {
  let browser: Browser;
  let server: RunningServer;
  let owner: ApiClient;
  let receiver: TestReceiver;
  let silent: string;
  before(async () => {
    let owned: Awaited<ReturnType<typeof startOwnedServer>>;
    [browser, owned, receiver] = await Promise.all([
      launchBrowser(),
      startOwnedServer(),
      startTestReceiver(),
    ]);
    ({ server, owner } = owned);
    silent = await connect(owner, { name: "Silent", webhook_url: `${receiver.url}/hook` });
    const store = openStore({
      databaseUrl: null,
      dataDir: server.dataDir,
      onConnectionError: () => undefined,
    });
    const now = Date.now();
    await seedSteadyHours(store, silent, { from: now - 24 * DAY, to: now - 3 * DAY });
    await store.close();
  });
  after(() => Promise.all([browser.close(), server.stop(), receiver.close()]));

  for (const width of [1280, 375] as const) {
    test(`shows it on the card and on its page, ${width} px`, async () => {
      const { page, faults } = await openPage(browser, { url: server.url, cookie: owner.cookie, width });
      for (const path of ["/integrations", `/integrations/connections/${silent}`]) {
        await page.goto(path);
        await page.getByText("Silent for 3 days.").waitFor();
        await page
          .getByText("Before that, about 48 events per day. Check that your application still sends.")
          .waitFor();
        assert.ok(await page.getByRole("img", { name: "Warning" }).isVisible());
        assert.deepEqual(await pageViolations(page), []);
      }
      await page.getByRole("link", { name: "See events" }).click();
      await page.waitForURL("**/events");
      assert.deepEqual(faults(), []);
    });
  }
});
