import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Browser, Page, Route } from "playwright-core";
import type { ApiClient } from "../support/api-client.ts";
import { browserMissing, launchBrowser, openPage, until } from "../support/browser.ts";
import { connect, startOwnedServer } from "../support/dashboard.ts";
import { startTestReceiver, type TestReceiver } from "../support/receiver.ts";
import type { RunningServer } from "../support/server.ts";
import { awaitDeliveries } from "./await-deliveries.ts";

const DELIVERIES = 12;

describe("a replay", { skip: browserMissing }, () => {
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
  });
  after(() => Promise.all([browser.close(), server.stop(), receiver.close()]));

  /** Creates a connection with finished deliveries, and opens the list of them. */
  const openDelivered = async (name: string) => {
    receiver.respond = (response) => response.end();
    const type = `${name}.happened`;
    const id = await connect(owner, { name, webhook_url: `${receiver.url}/${name}`, event_types: [type] });
    const events = Array.from({ length: DELIVERIES }, (_, number) => ({ type, data: { number } }));
    await owner.post("/api/events/batch", events);
    await awaitDeliveries(owner, `status=delivered&connection_id=${id}`, DELIVERIES);
    const watched = await openPage(browser, { url: server.url, cookie: owner.cookie });
    await watched.page.goto(`/deliveries?status=delivered&connection=${id}`);
    await watched.page
      .getByRole("link", { name: new RegExp(type) })
      .first()
      .waitFor();
    return { ...watched, id };
  };

  const start = async (page: Page, rate: string) => {
    await page.getByRole("button", { name: "Replay…" }).click();
    const dialog = page.getByRole("dialog", { name: "Replay deliveries" });
    await dialog.getByText("Dry run").waitFor();
    await dialog.getByLabel("Deliveries per second").fill(rate);
    await dialog.getByRole("button", { name: `Replay ${DELIVERIES} deliveries` }).click();
    await page.waitForURL("**/deliveries/replays/*");
    await page.getByRole("heading", { name: "Replay", level: 1 }).waitFor();
    return page.getByRole("region", { name: "Progress" });
  };
  const received = (name: string) => receiver.received.filter(({ path }) => path === `/${name}`).length;

  test("shows a count before anything is sent, survives a reload, and shows its outcome", async () => {
    const { page, faults } = await openDelivered("whole");
    await page.getByRole("button", { name: "Replay…" }).click();
    const dialog = page.getByRole("dialog", { name: "Replay deliveries" });
    await dialog.getByText(`${DELIVERIES}`, { exact: true }).waitFor();
    const words = (await dialog.textContent()) ?? "";
    assert.match(words, /Deliveries to whole that were delivered\./);
    assert.match(words, /Oldest.*Newest.*Duration2 s/);
    await dialog.getByLabel("Deliveries per second").fill("1");
    await until(page, "document.querySelector('[role=dialog]').textContent.includes('Duration12 s')");
    await dialog.getByLabel("Deliveries per second").fill("0");
    await dialog.getByRole("button", { name: /^Replay/ }).click();
    await dialog.getByText("Enter a whole number from 1 to 100.").waitFor();
    assert.equal(received("whole"), DELIVERIES, "a dry run sends nothing");
    await page.keyboard.press("Escape");

    const progress = await start(page, "4");
    await progress.getByText("Running", { exact: true }).waitFor();
    await page.reload();
    await progress.getByText("Completed", { exact: true }).waitFor();
    await progress.getByText(`${DELIVERIES} of ${DELIVERIES} done`).waitFor();
    const bar = progress.getByRole("progressbar", { name: "Done" });
    assert.equal(await bar.getAttribute("aria-valuenow"), "100");
    assert.match((await progress.textContent()) ?? "", /Delivered12Failed0/);
    assert.equal(received("whole"), 2 * DELIVERIES);
    assert.equal(await page.getByRole("button", { name: "Pause" }).count(), 0);
    assert.deepEqual(faults(), []);
  });

  test("is paused, resumed, and stopped after a warning", async () => {
    const { page, id, faults } = await openDelivered("stopped");
    const progress = await start(page, "1");
    await page.getByRole("button", { name: "Pause" }).click();
    await progress.getByText("Paused", { exact: true }).waitFor();
    await page.getByText("No more deliveries are queued until you resume.").waitFor();

    await page.goto(`/deliveries?connection=${id}`);
    await page.getByText("A replay is paused").first().waitFor();
    await page.getByRole("link", { name: "See replay" }).first().click();
    await page.getByRole("button", { name: "Resume" }).click();
    await progress.getByText("Running", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Stop" }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Keep it" }).click();
    await page.getByRole("button", { name: "Stop" }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Stop replay" }).click();
    await progress.getByText("Stopped", { exact: true }).waitFor();
    await page.getByText("Stopped by a member").waitFor();
    await until(page, "document.activeElement !== document.body");
    assert.ok(received("stopped") < 2 * DELIVERIES);
    assert.deepEqual(faults(), []);
  });

  test("is created only once if it is started again after a lost response", async () => {
    const { page, id } = await openDelivered("lost");
    await page.getByRole("button", { name: "Replay…" }).click();
    const dialog = page.getByRole("dialog", { name: "Replay deliveries" });
    await dialog.getByText("Dry run").waitFor();
    const lose = async (route: Route) => {
      await route.fetch();
      await route.abort();
    };
    await page.route("**/api/deliveries/replay", lose, { times: 1 });
    const replay = dialog.getByRole("button", { name: `Replay ${DELIVERIES} deliveries` });
    await replay.click();
    await dialog.getByText("OpenSend is not responding.").waitFor();
    await replay.click();
    await page.waitForURL("**/deliveries/replays/*");
    const { data } = (await owner.get("/api/deliveries/replays")).body;
    const own = data.filter((one: { filter: { connection_id: string } }) => one.filter.connection_id === id);
    assert.equal(own.length, 1);
  });

  test("stops automatically if the receiver is still failing, and says why", async () => {
    const { page, faults } = await openDelivered("broken");
    receiver.respond = (response) => response.writeHead(500).end();
    const progress = await start(page, "100");
    await progress.getByText("Stopped", { exact: true }).waitFor({ timeout: 60_000 });
    await page.getByText("Stopped for receivers that failed 5 times in a row").waitFor();
    const failed = Number(/Failed(\d+)Waiting/.exec((await progress.textContent()) ?? "")?.[1]);
    assert.ok(failed >= 5, "what was being sent at the fifth failure may add to them");
    assert.deepEqual(faults(), []);
  });

  test("without deliveries cannot be started", async () => {
    const { page, faults } = await openPage(browser, { url: server.url, cookie: owner.cookie });
    await page.goto("/deliveries?type=never.happened");
    await page.getByRole("button", { name: "Replay…" }).click();
    const dialog = page.getByRole("dialog", { name: "Replay deliveries" });
    await dialog.getByText("No deliveries match these filters.").waitFor();
    const button = dialog.getByRole("button", { name: /^Replay 0/ });
    assert.equal(await button.getAttribute("aria-disabled"), "true");
    assert.deepEqual(faults(), []);
  });

  test("that does not exist says so", async () => {
    const { page } = await openPage(browser, { url: server.url, cookie: owner.cookie });
    await page.goto("/deliveries/replays/0198c5f2-7c1e-7a54-9d3e-5b1f0c2a7e11");
    await page.getByText("No replay at this address").waitFor();
  });
});
