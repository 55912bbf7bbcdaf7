import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import type { ApiClient } from "../support/api-client.ts";
import { browserMissing, launchBrowser, openPage, until } from "../support/browser.ts";
import { connect, startOwnedServer } from "../support/dashboard.ts";
import { startTestReceiver, type TestReceiver } from "../support/receiver.ts";
import type { RunningServer } from "../support/server.ts";
import { until as untilHere } from "../support/until.ts";

const DELIVERIES = 5_000;
const BATCH = 1_000;
const PAGE_ROWS = 50;
const PAGES_LOADED = 20;
const COUNT_ROWS = "document.querySelectorAll('main [data-row]').length";

/** Records the time from each key press or click to the paint of its result, as measured by the browser. */
const MEASURE_INTERACTIONS = `
  globalThis.interactions = [];
  new PerformanceObserver((list) => {
    for (const { name, duration, interactionId } of list.getEntries()) {
      if (interactionId > 0) globalThis.interactions.push({ name, duration });
    }
  }).observe({ type: "event", durationThreshold: 16, buffered: true });
`;

/** Measured and reported but not asserted, because the times depend on the machine. */
describe(`with ${DELIVERIES} deliveries`, { skip: browserMissing }, () => {
  let browser: Browser;
  let server: RunningServer;
  let owner: ApiClient;
  let receiver: TestReceiver;
  before(async () => {
    let owned: Awaited<ReturnType<typeof startOwnedServer>>;
    [browser, owned, receiver] = await Promise.all([
      launchBrowser(),
      startOwnedServer(),
      startTestReceiver(),
    ]);
    ({ server, owner } = owned);
    await connect(owner, { name: "Orders", webhook_url: `${receiver.url}/orders` });
    for (let sent = 0; sent < DELIVERIES; sent += BATCH) {
      const events = Array.from({ length: BATCH }, (_, number) => ({
        type: "order.paid",
        data: { number: sent + number },
      }));
      assert.equal((await owner.post("/api/events/batch", events)).status, 202);
    }
    await untilHere(() => receiver.received.length === DELIVERIES);
  });
  after(() => Promise.all([browser.close(), server.stop(), receiver.close()]));

  test("the list opens, grows, filters and is navigated by keyboard", async (t) => {
    const { page, context, faults } = await openPage(browser, { url: server.url, cookie: owner.cookie });
    await context.addInitScript({ content: MEASURE_INTERACTIONS });
    const openedAt = performance.now();
    await page.goto("/deliveries");
    await until(page, `${COUNT_ROWS} === ${PAGE_ROWS}`);
    t.diagnostic(`open: ${Math.round(performance.now() - openedAt)} ms to ${PAGE_ROWS} rows`);

    for (let pages = 2; pages <= PAGES_LOADED; pages += 1) {
      await page.getByRole("button", { name: "Load older" }).click();
      await until(page, `${COUNT_ROWS} === ${pages * PAGE_ROWS}`);
    }
    t.diagnostic(`load older: ${await slowestOf(page)} with up to ${PAGES_LOADED * PAGE_ROWS} rows`);

    for (let presses = 0; presses < 20; presses += 1) await page.keyboard.press("j");
    t.diagnostic(`j: ${await slowestOf(page)} with ${PAGES_LOADED * PAGE_ROWS} rows`);
    await page.keyboard.press("Enter");
    const panel = page.getByRole("region", { name: "order.paid" });
    await panel.getByText("Attempt 1").waitFor();
    t.diagnostic(`open a row: ${await slowestOf(page)}`);
    await page.keyboard.press("Escape");
    await panel.waitFor({ state: "detached" });
    t.diagnostic(`close it: ${await slowestOf(page)}`);
    await page.getByLabel("Status").selectOption("failed");
    await page.getByText("Nothing matches", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Clear filters" }).first().click();
    await until(page, `${COUNT_ROWS} >= ${PAGE_ROWS}`);
    t.diagnostic(`filter and back: ${await slowestOf(page)}`);
    assert.deepEqual(faults(), []);
  });
});

/** The slowest interaction since the last call. */
async function slowestOf(page: Page): Promise<string> {
  // The browser reports an interaction after its frame was painted.
  await page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done, 50)))");
  const durations = await page.evaluate<number[]>(
    "globalThis.interactions.splice(0).map(({ duration }) => duration)",
  );
  return durations.length === 0 ? "all under 16 ms" : `slowest ${Math.max(...durations)} ms`;
}
