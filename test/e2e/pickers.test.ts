import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import type { ApiClient } from "../support/api-client.ts";
import { browserMissing, launchBrowser, openPage, until } from "../support/browser.ts";
import { connect, startOwnedServer } from "../support/dashboard.ts";
import { pageViolations } from "../support/page-violations.ts";
import { startTestReceiver, type TestReceiver } from "../support/receiver.ts";
import type { RunningServer } from "../support/server.ts";
import { awaitDeliveries } from "./await-deliveries.ts";

const CONNECTIONS = 30;
const OPTIONS_MAX = 20;

describe("the pickers of the filters", { skip: browserMissing }, () => {
  let browser: Browser;
  let server: RunningServer;
  let owner: ApiClient;
  let receiver: TestReceiver;
  let last: string;
  before(async () => {
    let owned: Awaited<ReturnType<typeof startOwnedServer>>;
    [browser, owned, receiver] = await Promise.all([
      launchBrowser(),
      startOwnedServer(),
      startTestReceiver(),
    ]);
    ({ server, owner } = owned);
    for (let number = 1; number <= CONNECTIONS; number += 1) {
      last = await connect(owner, {
        name: `Shop ${number}`,
        webhook_url: `${receiver.url}/${number}`,
        event_types: number === 1 ? ["order.*", "invoice.sent"] : ["nothing"],
      });
    }
    for (const type of ["order.paid", "order.refunded", "invoice.sent"]) {
      await owner.post("/api/events", { type, data: {} });
    }
    await awaitDeliveries(owner, "status=delivered", 3);
  });
  after(() => Promise.all([browser.close(), server.stop(), receiver.close()]));

  const open = async (width: 1280 | 375, path = "/deliveries") => {
    const watched = await openPage(browser, { url: server.url, cookie: owner.cookie, width });
    await watched.page.goto(path);
    await watched.page.getByRole("heading", { name: "Deliveries", level: 1 }).waitFor();
    return watched;
  };
  const combobox = (page: Page, name: string) => page.getByRole("combobox", { name, exact: true });

  test("find a connection beyond those listed, by keyboard alone", async () => {
    const { page, faults } = await open(1280);
    const picker = combobox(page, "Connection");
    await picker.focus();
    assert.equal(await page.locator("[role=option]").count(), 0, "focus alone opens nothing");
    await page.keyboard.press("ArrowDown");
    await until(page, `document.querySelectorAll('[role=option]').length === ${OPTIONS_MAX}`);
    await page.getByText("There are more. Type to search.").waitFor();
    assert.deepEqual(await pageViolations(page), []);

    await page.keyboard.type(`shop ${CONNECTIONS}`);
    await until(page, "document.querySelectorAll('[role=option]').length === 1");
    await page.keyboard.press("Enter");
    await page.waitForURL(`**/deliveries?connection=${last}`);
    await page.getByRole("button", { name: `Remove Shop ${CONNECTIONS}` }).waitFor();
    assert.equal(await picker.inputValue(), "");
    await page.keyboard.press("Escape");
    await until(page, "document.querySelector('[role=listbox]') === null");
    await until(page, "document.activeElement.getAttribute('aria-label') === 'Connection'");
    await page.keyboard.press("Backspace");
    await page.waitForURL(`${server.url}/deliveries`);
    assert.deepEqual(faults(), []);
  });

  test("accept known event types and typed patterns", async () => {
    const { page, faults } = await open(1280);
    const picker = combobox(page, "Event type");
    await picker.click();
    await page.getByRole("option", { name: /^order\.\*/ }).waitFor();
    await page.getByRole("option", { name: "order.paid" }).click();
    await page.waitForURL(/type=order\.paid/);
    await page.getByRole("option", { name: "order.paid", selected: true }).waitFor();
    await picker.fill("user.*");
    await page.keyboard.press("Enter");
    await page.waitForURL(/type=order\.paid(?:%2C|,)user\.\*/);
    await picker.fill("two words");
    await page.getByText(/^A type has letters/).waitFor();
    await page.keyboard.press("Tab");
    assert.equal(await picker.inputValue(), "", "what was not chosen does not look like a filter");
    await page.getByRole("button", { name: "Remove user.*" }).click();
    await page.waitForURL(/type=order\.paid$/);
    await until(page, "document.activeElement.getAttribute('role') === 'combobox'");
    assert.deepEqual(faults(), []);
  });

  test("open within a phone's screen", async () => {
    const { page, faults } = await open(375, `/deliveries?connection=${last}&type=order.*`);
    await page.getByRole("button", { name: `Remove Shop ${CONNECTIONS}` }).waitFor();
    await combobox(page, "Event type").click();
    await page.getByRole("option", { name: "order.refunded" }).waitFor();
    const { left, right } = await page.evaluate<{ left: number; right: number }>(
      "document.querySelector('[popover]:popover-open').getBoundingClientRect().toJSON()",
    );
    assert.ok(left >= 0 && right <= 375, `from ${left} to ${right}`);
    assert.deepEqual(await pageViolations(page), []);
    assert.deepEqual(faults(), []);
  });
});
