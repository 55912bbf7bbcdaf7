import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Browser } from "playwright-core";
import type { ApiClient } from "../support/api-client.ts";
import { browserMissing, launchBrowser, openPage, until } from "../support/browser.ts";
import { connect, startOwnedServer } from "../support/dashboard.ts";
import { pageViolations } from "../support/page-violations.ts";
import type { RunningServer } from "../support/server.ts";

describe("the palette and the shortcuts", { skip: browserMissing }, () => {
  let browser: Browser;
  let server: RunningServer;
  let owner: ApiClient;
  let id: string;
  before(async () => {
    let owned: Awaited<ReturnType<typeof startOwnedServer>>;
    [browser, owned] = await Promise.all([launchBrowser(), startOwnedServer()]);
    ({ server, owner } = owned);
    await owner.post("/api/api-keys", { name: "Looked after", access: "sending_access" });
    id = await connect(owner, { name: "Orders", webhook_url: "https://hooks.zapier.com/hooks/catch/1/a" });
  });
  after(() => Promise.all([browser.close(), server.stop()]));

  const open = async (path: string, width: 1280 | 375 = 1280) => {
    const watched = await openPage(browser, { url: server.url, cookie: owner.cookie, width });
    await watched.page.goto(path);
    await watched.page.getByRole("heading", { level: 1 }).waitFor();
    return watched;
  };

  for (const text of ["orders", "pasted"]) {
    test(`open a connection by ${text === "orders" ? "name" : "id"}`, async () => {
      const { page, faults } = await open("/events");
      await page.keyboard.press("Control+k");
      await page
        .getByRole("dialog")
        .getByRole("combobox")
        .fill(text === "orders" ? text : `id: ${id}`);
      await page.getByRole("option", { name: /^Orders/ }).waitFor();
      await page.keyboard.press("Enter");
      await page.getByRole("heading", { name: "Orders", level: 1 }).waitFor();
      assert.deepEqual(faults(), []);
    });
  }

  test("say visibly that the palette could not be loaded, and disappear when closed", async () => {
    const { page } = await openPage(browser, {
      url: server.url,
      cookie: owner.cookie,
      expectedStatuses: [404],
    });
    await page.goto("/deliveries");
    await page.getByRole("heading", { level: 1 }).waitFor();
    // As after an upgrade, when the old file no longer exists.
    await page.route(/\/assets\/palette/, (route) => route.fulfill({ status: 404, body: "" }));
    await page.keyboard.press("Control+k");
    const notice = page.getByText("OpenSend may have been updated", { exact: false });
    await notice.waitFor();
    const box = await notice.boundingBox();
    assert.ok(box !== null && box.y > 0 && box.y + box.height < 800, JSON.stringify(box));
    assert.deepEqual(await pageViolations(page), []);
    await page.unroute(/\/assets\/palette/);
    await page.getByRole("button", { name: "Close", exact: true }).click();
    await notice.waitFor({ state: "detached" });
    await until(page, "document.activeElement !== document.body");

    await page.route(/\/assets\/palette/, (route) => route.fulfill({ status: 404, body: "" }));
    await page.keyboard.press("Control+k");
    await notice.waitFor();
    await page.unroute(/\/assets\/palette/);
    await page.getByRole("button", { name: "Reload", exact: true }).click();
    await page.getByRole("heading", { level: 1 }).waitFor();
    await page.keyboard.press("Control+k");
    await page.getByRole("dialog").getByRole("combobox").waitFor();
  });

  test("do not move while the person types", async () => {
    for (const width of [1280, 375] as const) {
      const { page, faults } = await open("/events", width);
      await page.keyboard.press("Control+k");
      const field = page.getByRole("dialog").getByRole("combobox");
      await page.getByRole("option").first().waitFor();
      const before = await field.boundingBox();
      await field.fill("nothing is called like that");
      await page.getByText("Nothing found.").waitFor();
      assert.deepEqual(await field.boundingBox(), before);
      assert.deepEqual(faults(), []);
    }
  });

  test("restore focus, and have no faults at either width", async () => {
    for (const width of [1280, 375] as const) {
      const { page, faults } = await open("/events", width);
      const field = page.getByLabel("Event type");
      await field.focus();
      await page.keyboard.press("Control+k");
      await page.getByRole("option", { name: /Integrations/ }).waitFor();
      assert.deepEqual(await pageViolations(page), []);
      await page.keyboard.press("Escape");
      await until(page, "document.activeElement.getAttribute('aria-label') === 'Event type'");
      await field.blur();
      await page.keyboard.press("?");
      await page.getByRole("dialog", { name: "Keyboard shortcuts" }).waitFor();
      assert.deepEqual(await pageViolations(page), []);
      assert.deepEqual(faults(), []);
    }
  });

  test("go to pages and rows by keyboard, and do nothing when switched off", async () => {
    const { page, faults } = await open("/events");
    await page.keyboard.type("gk");
    await page.getByRole("heading", { name: "API keys", level: 1 }).waitFor();
    await page.getByRole("row", { name: /Looked after/ }).waitFor();
    await page.keyboard.press("j");
    await until(page, "document.activeElement.hasAttribute('data-row')");
    assert.equal(await page.evaluate("getComputedStyle(document.activeElement).outlineStyle"), "solid");
    await page.goto("/integrations/webhook");
    await page.getByRole("link", { name: /Orders/ }).waitFor();
    await page.keyboard.press("j");
    await until(page, "document.activeElement.hasAttribute('data-row')");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Orders", level: 1 }).waitFor();
    await page.keyboard.press("?");
    await page.getByRole("checkbox").uncheck();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await page.keyboard.type("?gk");
    await page.keyboard.press("Control+k");
    await page.getByRole("dialog").getByRole("combobox").waitFor();
    assert.match(page.url(), new RegExp(id));
    assert.deepEqual(faults(), []);
  });
});
