import assert from "node:assert/strict";
import type { ServerResponse } from "node:http";
import { after, before, beforeEach, describe, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import type { ApiClient } from "../support/api-client.ts";
import { browserMissing, launchBrowser, openPage, until } from "../support/browser.ts";
import { type CuttableProxy, startCuttableProxy } from "../support/cuttable-proxy.ts";
import { connect, signInViewer, startOwnedServer } from "../support/dashboard.ts";
import { startTestReceiver, type TestReceiver } from "../support/receiver.ts";
import type { RunningServer } from "../support/server.ts";
import { until as untilHere } from "../support/until.ts";
import { awaitDeliveries } from "./await-deliveries.ts";

const SLEEP_MS = 3_000;

/** Records, at every change of the page, how often it shows an attempt and whether it shows Delivered. */
const RECORD_CHANGES = `
  window.seen = [];
  const look = () => {
    const text = document.querySelector("section[aria-labelledby=delivery]").textContent;
    const attempts = text.match(/Attempt 1(?!\\d)/g)?.length ?? 0;
    const isDelivered = text.includes("Delivered");
    const last = window.seen.at(-1);
    if (last?.attempts !== attempts || last?.isDelivered !== isDelivered) {
      window.seen.push({ attempts, isDelivered, at: performance.timeOrigin + performance.now() });
    }
  };
  look();
  new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true });
`;

type Seen = { readonly attempts: number; readonly isDelivered: boolean; readonly at: number };

describe("the timeline of a delivery", { skip: browserMissing }, () => {
  let browser: Browser;
  let server: RunningServer;
  let owner: ApiClient;
  let receiver: TestReceiver;
  let proxy: CuttableProxy;
  let held: ServerResponse[] = [];
  let created = 0;

  before(async () => {
    let owned: Awaited<ReturnType<typeof startOwnedServer>>;
    [browser, owned, receiver] = await Promise.all([
      launchBrowser(),
      startOwnedServer(),
      startTestReceiver(),
    ]);
    ({ server, owner } = owned);
    proxy = await startCuttableProxy(server.url);
  });
  beforeEach(() => {
    held = [];
    receiver.respond = (response) => held.push(response);
    proxy.restore();
  });
  after(async () => {
    await browser.close();
    await Promise.all([proxy.close(), server.stop(), receiver.close()]);
  });

  /** A delivery whose request the receiver has got but not responded to. */
  const startDelivery = async (): Promise<string> => {
    const type = `slow.n${++created}`;
    await connect(owner, { name: type, webhook_url: `${receiver.url}/hook`, event_types: [type] });
    await owner.post("/api/events", { type, data: {} });
    const [{ id }] = await awaitDeliveries(owner, `event_type=${type}&status=pending`, 1);
    await untilHere(() => held.length === 1);
    return id;
  };

  const openDelivery = async (id: string, cookie = owner.cookie) => {
    const watched = await openPage(browser, { url: proxy.url, cookie });
    await watched.page.goto(`/deliveries/${id}`);
    await watched.page.getByText(/^Waiting for the first byte…/).waitFor();
    await watched.page.evaluate(RECORD_CHANGES);
    return watched;
  };
  const panelOf = (page: Page) => page.locator("section[aria-labelledby=delivery]");
  const seenOn = (page: Page) => page.evaluate<readonly Seen[]>("window.seen");
  const isRecorded = (page: Page) => page.getByText("Response headers").waitFor();

  test("shows the current stage, and Delivered only after a slow receiver has responded", async () => {
    const startedAt = Date.now();
    const id = await startDelivery();
    const { page, faults } = await openDelivery(id);
    const lines = page.getByRole("region", { name: "Attempt 1" }).getByRole("list");
    assert.match((await lines.textContent()) ?? "", /Waited in queue.*Connect.*Sent.*ms.*First byte.*Total/);
    await page.getByText(/^Waiting for the first byte… [12]\.\d s$/).waitFor();
    const respondAt = Date.now() + Math.max(0, startedAt + SLEEP_MS - Date.now());
    setTimeout(() => held[0]?.writeHead(200).end("awake"), respondAt - Date.now());
    await isRecorded(page);
    const seen = await seenOn(page);
    assert.ok(seen.filter(({ isDelivered }) => isDelivered).every(({ at }) => at >= respondAt - 5));
    assert.ok(seen.some(({ isDelivered }) => isDelivered));
    assert.deepEqual(
      seen.map(({ attempts }) => attempts).filter((attempts) => attempts !== 1),
      [],
      "one attempt is shown all the time, in progress or recorded",
    );
    const record = await page.getByText("Attempt 1").locator("xpath=ancestor::details").textContent();
    assert.match(record ?? "", /Waited in queue.*First byte[23]\.\d sRest of response.*Total[23]\.\d s/);
    assert.deepEqual(faults(), []);
  });

  test("continues after the stream was cut, without gaps or duplicates", async () => {
    const id = await startDelivery();
    const { page } = await openDelivery(id);
    proxy.cut();
    await panelOf(page).getByText("Reconnecting …").waitFor();
    assert.ok(await page.getByText(/^Waiting for the first byte…/).isVisible());
    held[0]?.writeHead(200).write("half");
    proxy.restore();
    await page.getByText(/^Reading the rest of the response…/).waitFor();
    await panelOf(page).getByText("Reconnecting …").waitFor({ state: "detached" });
    proxy.cut();
    await panelOf(page).getByText("Reconnecting …").waitFor();
    held[0]?.end();
    await awaitDeliveries(owner, `event_type=slow.n${created}&status=delivered`, 1);
    proxy.restore();
    await isRecorded(page);
    const seen = await seenOn(page);
    assert.deepEqual(new Set(seen.map(({ attempts }) => attempts)), new Set([1]));
    assert.ok(await panelOf(page).getByText("Delivered", { exact: true }).first().isVisible());
  });

  test("keeps every attempt, and says when the next one is due", async () => {
    const id = await startDelivery();
    const { page, faults } = await openDelivery(id);
    held.splice(0)[0]?.writeHead(500).end();
    await page.getByText(/^Retry in [3-7] s, attempt 2 of 10\.$/).waitFor();
    await page.getByRole("region", { name: "Attempt 2" }).waitFor();
    await page.getByText(/^Waiting for the first byte…/).waitFor();
    await untilHere(() => held.length === 1);
    held[0]?.writeHead(204).end();
    await until(page, "[...document.querySelectorAll('details summary')].length === 2");
    await panelOf(page).getByText("Delivered", { exact: true }).first().waitFor();
    assert.equal(await page.getByText(/^Waiting for the first byte…/).count(), 0);
    assert.deepEqual(faults(), []);
  });

  test("is shown to a viewer too", async () => {
    const viewer = await signInViewer(server);
    const id = await startDelivery();
    const { page, faults } = await openDelivery(id, viewer.cookie);
    held[0]?.end();
    await isRecorded(page);
    assert.deepEqual(faults(), []);
  });
});
