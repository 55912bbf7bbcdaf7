import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import type { ApiClient } from "../support/api-client.ts";
import { browserMissing, launchBrowser, openPage, until } from "../support/browser.ts";
import { connect, signInViewer, startOwnedServer } from "../support/dashboard.ts";
import { startTestReceiver, type TestReceiver } from "../support/receiver.ts";
import type { RunningServer } from "../support/server.ts";
import { until as untilTrue } from "../support/until.ts";
import { awaitDeliveries } from "./await-deliveries.ts";

/** The path that the focused row or link opens. */
const FOCUSED_PATH = "new URL(document.activeElement.href ?? location.href).pathname";

describe("shortcuts in a list of deliveries", { skip: browserMissing }, () => {
  let browser: Browser;
  let server: RunningServer;
  let owner: ApiClient;
  let receiver: TestReceiver;
  /** Newest first, as in the list. */
  let ids: string[];
  before(async () => {
    let owned: Awaited<ReturnType<typeof startOwnedServer>>;
    [browser, owned, receiver] = await Promise.all([
      launchBrowser(),
      startOwnedServer(),
      startTestReceiver(),
    ]);
    ({ server, owner } = owned);
    await connect(owner, { name: "Orders", webhook_url: `${receiver.url}/hook` });
    for (const type of ["first.one", "second.one", "third.one"]) {
      await owner.post("/api/events", { type, data: {} });
      await awaitDeliveries(owner, `status=delivered&event_type=${type}`, 1);
    }
    ids = (await awaitDeliveries(owner, "status=delivered", 3)).map(({ id }) => id);
  });
  after(() => Promise.all([browser.close(), server.stop(), receiver.close()]));

  const openList = async (client: ApiClient) => {
    const watched = await openPage(browser, { url: server.url, cookie: client.cookie });
    await watched.context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await watched.page.goto("/deliveries");
    await watched.page.getByRole("link", { name: /third\.one/ }).waitFor();
    return watched;
  };
  const pathOf = (row: number) => `/deliveries/${ids[row]}`;
  const expectFocusOn = (page: Page, row: number) => until(page, `${FOCUSED_PATH} === "${pathOf(row)}"`);

  test("move through its rows, open one, and return to it on closing", async () => {
    const { page, faults } = await openList(owner);
    await page.keyboard.press("j");
    await expectFocusOn(page, 0);
    await page.keyboard.press("j");
    await page.keyboard.press("j");
    await expectFocusOn(page, 2);
    await page.keyboard.press("j");
    await expectFocusOn(page, 2);
    await page.keyboard.press("k");
    await expectFocusOn(page, 1);
    await page.keyboard.press("Enter");
    await page.waitForURL(`**${pathOf(1)}`);
    await page.getByRole("region", { name: "second.one" }).waitFor();
    await page.keyboard.press("Escape");
    await page.waitForURL("**/deliveries");
    await expectFocusOn(page, 1);
    assert.deepEqual(faults(), []);
  });

  test("focus the filter, where they type letters", async () => {
    const { page, faults } = await openList(owner);
    await page.keyboard.press("/");
    await page.keyboard.type("jkgd?");
    assert.equal(await page.evaluate("document.activeElement.value"), "jkgd?");
    assert.equal(await page.getByRole("dialog").count(), 0);
    assert.deepEqual(faults(), []);
  });

  test("replay the open delivery, and copy it as curl", async () => {
    const { page, faults } = await openList(owner);
    await page.goto(pathOf(0));
    const panel = page.getByRole("region", { name: "third.one" });
    await panel.getByText("Attempt 1").waitFor();
    const before = receiver.received.length;
    await page.keyboard.press("r");
    await panel.getByText("Attempt 2").waitFor();
    // The attempt may be shown from its start, before the receiver has the request.
    await untilTrue(async () => receiver.received.length > before);
    assert.equal(receiver.received.length, before + 1);
    await page.keyboard.press("c");
    await page.getByText("Copied").first().waitFor();
    assert.match(await page.evaluate<string>("navigator.clipboard.readText()"), /^curl /m);
    assert.deepEqual(faults(), []);
  });

  test("change nothing for a viewer", async () => {
    const { page, faults } = await openList(await signInViewer(server));
    await page.goto(pathOf(2));
    await page.getByRole("region", { name: "first.one" }).getByText("Attempt 1").waitFor();
    const before = receiver.received.length;
    await page.keyboard.press("r");
    await page.getByRole("tooltip", { name: /Viewers can look/ }).waitFor();
    const { body } = await owner.get(`/api/deliveries/${ids[2]}`);
    assert.equal(body.data.attempts.length, 1);
    assert.equal(receiver.received.length, before);
    assert.deepEqual(faults(), []);
  });

  test("go to the overview and to the other pages", async () => {
    const { page, faults } = await openList(owner);
    await page.keyboard.press("g");
    await page.keyboard.press("m");
    await page.waitForURL("**/members");
    await page.keyboard.press("g");
    await page.keyboard.press("o");
    await page.waitForURL((url) => url.pathname !== "/members");
    assert.match(new URL(page.url()).pathname, /^\/(?:integrations)?$/); // the overview or its redirect
    assert.deepEqual(faults(), []);
  });

  test("do nothing when they are switched off", async () => {
    const { page } = await openList(owner);
    await page.keyboard.press("?");
    await page.getByRole("checkbox", { name: /Single keys/ }).uncheck();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await page.goto(pathOf(0));
    const panel = page.getByRole("region", { name: "third.one" });
    await panel.getByText("Attempt 1").waitFor();
    const before = receiver.received.length;
    await page.keyboard.type("rcj?gk");
    // Opening the palette by a key combination shows that the keys before it were handled.
    await page.keyboard.press("Control+k");
    await page.getByRole("dialog", { name: "Search" }).waitFor();
    assert.equal(receiver.received.length, before);
    assert.match(page.url(), new RegExp(pathOf(0)));
  });
});
