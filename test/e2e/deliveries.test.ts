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

const PAGE_ROWS = 50;
const EVENTS = 70;

describe("the list of deliveries", { skip: browserMissing }, () => {
  let browser: Browser;
  let server: RunningServer;
  let owner: ApiClient;
  let receiver: TestReceiver;
  let orders: string;
  let failing: string;
  before(async () => {
    let owned: Awaited<ReturnType<typeof startOwnedServer>>;
    [browser, owned, receiver] = await Promise.all([
      launchBrowser(),
      startOwnedServer(),
      startTestReceiver(),
    ]);
    ({ server, owner } = owned);
    receiver.respond = (response, { path }) => {
      if (path === "/failing") response.writeHead(503, { "retry-after": "3600" });
      response.end();
    };
  });
  after(() => Promise.all([browser.close(), server.stop(), receiver.close()]));

  test("accepts a custom range by keyboard, and removes it only on request", async () => {
    const { page, faults } = await open("/deliveries?from=2026-01-31T00:00:00.000Z");
    const from = page.getByLabel("From", { exact: true });
    const address = () => new URL(page.url()).searchParams;
    await from.focus();
    // Typing the 12 of December passes through month 1, and Backspace leaves no month at all.
    await page.keyboard.press("Backspace");
    await until(page, `document.activeElement?.labels?.[0]?.textContent === "From"`);
    await page.keyboard.type("12");
    assert.equal(address().get("from"), "2026-01-31T00:00:00.000Z", "nothing applies while one types");
    await page.keyboard.press("Enter");
    await until(page, `new URLSearchParams(location.search).get("from")?.startsWith("2026-12-31")`);

    await from.focus();
    await page.keyboard.press("Backspace");
    await page.getByLabel("Before", { exact: true }).focus();
    assert.match(await from.inputValue(), /^2026-12-31T/, "what was left half typed is as before");

    await from.fill("");
    await page.getByLabel("Before", { exact: true }).focus();
    await until(page, `!new URLSearchParams(location.search).has("from")`);
    await page.getByLabel("Before", { exact: true }).fill("2026-06-06T12:00");
    await page.keyboard.press("Enter");
    await until(page, `new URLSearchParams(location.search).has("before")`);
    await page.getByLabel("Time", { exact: true }).selectOption("Any time");
    await from.waitFor({ state: "detached" });
    assert.deepEqual(faults(), []);
  });

  const open = async (path: string) => {
    const watched = await openPage(browser, { url: server.url, cookie: owner.cookie });
    await watched.page.goto(path);
    await watched.page.getByRole("heading", { name: "Deliveries", level: 1 }).waitFor();
    return watched;
  };

  test("says that there are no deliveries yet", async () => {
    const { page, faults } = await open("/deliveries");
    await page.getByText("No deliveries yet").waitFor();
    await page.getByText("Kept for 90 days, payloads for 30 days.").waitFor();
    assert.deepEqual(faults(), []);
  });

  test("shows fifty rows, then older ones on demand, without duplicates", async () => {
    orders = await connect(owner, { name: "Orders", webhook_url: `${receiver.url}/orders` });
    failing = await connect(owner, {
      name: "Failing",
      webhook_url: `${receiver.url}/failing`,
      event_types: ["invoice.sent"],
    });
    const events = Array.from({ length: EVENTS }, (_, number) => ({ type: "order.paid", data: { number } }));
    await owner.post("/api/events/batch", events);
    await owner.post("/api/events", { type: "invoice.sent", data: {} });
    await awaitDeliveries(owner, `connection_id=${failing}&response=5xx`, 1);
    await awaitDeliveries(owner, "status=delivered&limit=100", EVENTS + 1);

    const { page, faults } = await open("/deliveries");
    await until(page, `${COUNT_ROWS} === ${PAGE_ROWS}`);
    await page.getByRole("button", { name: "Load older" }).click();
    await until(page, `${COUNT_ROWS} === ${EVENTS + 2}`);
    assert.equal(await page.getByRole("button", { name: "Load older" }).count(), 0);
    const links = await page.evaluate<string[]>(`${ROWS}.map((one) => one.href)`);
    assert.equal(new Set(links).size, EVENTS + 2);
    assert.deepEqual(faults(), []);
  });

  test("keeps every filter in the URL, and restores it on the way back", async () => {
    const { page, faults } = await open("/deliveries");
    await page.getByRole("combobox", { name: "Connection" }).fill("Failing");
    await page.getByRole("option", { name: "Failing" }).click();
    await page.waitForURL(`**/deliveries?connection=${failing}`);
    await until(page, `${COUNT_ROWS} === 1`);
    const row = page.getByRole("link", { name: /invoice\.sent/ });
    assert.match((await row.textContent()) ?? "", /Retrying.*Failing.*503/);

    await chooseResponse(page, "5xx");
    await page.getByLabel("Time").selectOption("1h");
    await page.getByLabel("Status").selectOption("pending");
    await page.getByRole("combobox", { name: "Event type" }).fill("invoice.sent");
    await page.keyboard.press("Enter");
    await page.waitForURL(/type=invoice\.sent/);
    const search = new URL(page.url()).searchParams;
    assert.deepEqual(Object.fromEntries([...search].sort()), {
      connection: failing,
      range: "1h",
      response: "5xx",
      status: "pending",
      type: "invoice.sent",
    });
    await page.reload();
    await until(page, `${COUNT_ROWS} === 1`);
    await page.getByRole("button", { name: "Remove invoice.sent" }).waitFor();

    await chooseResponse(page, "2xx");
    await page.getByText("Nothing matches", { exact: true }).waitFor();
    await page.goBack();
    await until(page, `${COUNT_ROWS} === 1`);
    await page.getByRole("button", { name: "Clear filters" }).click();
    await page.waitForURL(`${server.url}/deliveries`);
    await until(page, `${COUNT_ROWS} === ${PAGE_ROWS}`);
    assert.equal(await page.getByRole("button", { name: /^Remove/ }).count(), 0);
    await until(page, "document.activeElement !== document.body");
    assert.deepEqual(faults(), []);
  });

  test("sorts by duration and last change, and says how far back it looked", async () => {
    const { page, faults } = await open("/deliveries");
    const ids = () =>
      page.evaluate<string[]>(`${ROWS}.map((one) => new URL(one.href).pathname.split("/").at(-1))`);
    await page.getByLabel("Order", { exact: true }).selectOption("Slowest first");
    await page.waitForURL("**sort=-duration_ms");
    const { data } = (await owner.get("/api/deliveries?sort=-duration_ms")).body;
    await until(page, `${ROWS}[0]?.href.includes("${data[0].id}")`);
    assert.deepEqual(
      await ids(),
      data.map(({ id }: { id: string }) => id),
    );
    await page.getByRole("button", { name: "Load more" }).click();
    await until(page, `${COUNT_ROWS} === ${EVENTS + 2}`);
    assert.equal(new Set(await ids()).size, EVENTS + 2);

    const searchedUntil = "2026-01-31T10:30:00.000Z";
    await page.route(/\/api\/deliveries\?/, async (route) => {
      const response = await route.fetch();
      const searched = { until: searchedUntil, rows: 1000, complete: false };
      await route.fulfill({ response, json: { ...((await response.json()) as object), searched } });
    });
    await page.getByLabel("Order", { exact: true }).selectOption("Last changed first");
    await page.waitForURL("**sort=-updated_at");
    await page.getByText("Sorted among the newest deliveries, back to Jan 31, 10:30.").waitFor();
    await page.goto("/deliveries?sort=-updated_at&status=cancelled");
    await page.getByText("Nothing matches so far", { exact: true }).waitFor();
    assert.deepEqual(faults(), []);
  });

  test("filters by a range between two times", async () => {
    const { page, faults } = await open("/deliveries");
    await page.getByLabel("Time").selectOption("custom");
    await until(page, `${COUNT_ROWS} === ${PAGE_ROWS}`);
    await page.getByLabel("Before").fill("2001-01-01T00:00");
    await page.keyboard.press("Enter");
    await page.getByText("Nothing matches", { exact: true }).waitFor();
    assert.match(page.url(), /from=.*before=200/);
    await page.getByRole("button", { name: "Clear filters" }).first().click();
    await until(page, `${COUNT_ROWS} === ${PAGE_ROWS}`);
    assert.deepEqual(faults(), []);
  });

  test("ignores unknown values in the URL", async () => {
    const { page, faults } = await open(
      "/deliveries?status=lost&connection=x&response=9xx&range=1y&from=soon",
    );
    await until(page, `${COUNT_ROWS} === ${PAGE_ROWS}`);
    assert.equal(await page.getByLabel("Status").inputValue(), "");
    assert.equal(await page.getByRole("button", { name: "Clear filters" }).count(), 0);
    assert.deepEqual(faults(), []);
  });

  test("continues the search over a limited number of empty pages, then waits for a click", async () => {
    const { page, faults } = await openPage(browser, { url: server.url, cookie: owner.cookie });
    let calls = 0;
    const emptyPages = 8;
    const found = (await owner.get(`/api/deliveries?connection_id=${orders}&limit=1`)).body.data;
    await page.route(/\/api\/deliveries\?/, (route) => {
      calls += 1;
      const cursor = Number(new URL(route.request().url()).searchParams.get("cursor"));
      const isFound = cursor === emptyPages;
      const json = {
        object: "list",
        data: isFound ? found : [],
        has_more: !isFound,
        next_cursor: isFound ? null : String(cursor + 1),
      };
      return route.fulfill({ json });
    });
    await page.goto("/deliveries?live=off&status=cancelled");
    await page.getByText("Nothing matches so far").waitFor();
    assert.equal(calls, 5);
    await page.getByRole("button", { name: "Search older" }).click();
    await until(page, `${COUNT_ROWS} === 1`);
    assert.deepEqual(faults(), []);
  });

  test("opens a delivery in a side panel without losing its place, and restores focus", async () => {
    const { page, faults } = await open("/deliveries?type=order.paid");
    await until(page, `${COUNT_ROWS} === ${PAGE_ROWS}`);
    const row = page.getByRole("list", { name: "Deliveries, newest first" }).getByRole("link").nth(40);
    await row.scrollIntoViewIfNeeded();
    const scrolled = await page.evaluate<number>("scrollY");
    assert.ok(scrolled > 0);
    const href = await row.getAttribute("href");
    await row.press("Enter");
    const panel = page.getByRole("region", { name: "order.paid" });
    await panel.getByText("Delivered", { exact: true }).first().waitFor();
    assert.equal(page.url(), `${server.url}${href}`);
    assert.equal(await page.evaluate("scrollY"), scrolled);
    await until(page, "document.activeElement.textContent === 'order.paid'");
    assert.equal(await row.getAttribute("aria-current"), "page");

    await page.keyboard.press("Escape");
    await panel.waitFor({ state: "detached" });
    await page.waitForURL(`${server.url}/deliveries?type=order.paid`);
    await until(page, `document.activeElement.getAttribute('href') === '${href}'`);
    assert.equal(await page.evaluate("scrollY"), scrolled);
    assert.deepEqual(faults(), []);
  });

  test("keeps every control of the list visible next to an open delivery", async () => {
    const { page, faults } = await open("/deliveries");
    await until(page, `${COUNT_ROWS} === ${PAGE_ROWS}`);
    const following = page.waitForResponse(/\/api\/stream\?delivery_id/);
    const row = page.getByRole("list", { name: "Deliveries, newest first" }).getByRole("link").nth(30);
    await page.evaluate(`${ROWS}[30].scrollIntoView({ block: 'end' })`);
    await row.press("Enter");
    await following;
    const { y = 0, height = 0 } = (await row.boundingBox()) ?? {};
    assert.ok(y >= 0 && y + height <= 800, `the open row lies at ${y}`);
    await owner.post("/api/events", { type: "order.paid", data: {} });
    await page.getByRole("button", { name: "1 new" }).waitFor();
    for (const width of [1024, 1280, 1920]) {
      await page.setViewportSize({ width, height: 800 });
      assert.deepEqual(await page.evaluate(COVERED), [], `${width} px`);
      assert.deepEqual(await pageViolations(page), [], `${width} px`);
    }
    assert.deepEqual(faults(), []);
  });

  test("updates the open panel on j and k, without adding history entries", async () => {
    const { page, faults } = await open("/deliveries?type=order.paid");
    await until(page, `${COUNT_ROWS} === ${PAGE_ROWS}`);
    const hrefs = await page.evaluate<string[]>(`${ROWS}.slice(0, 4).map((one) => one.href)`);
    await page.evaluate(`${ROWS}[1].click()`);
    await page.waitForURL(hrefs[1] ?? "");
    await page.getByRole("region", { name: "order.paid" }).getByText("Attempt 1").waitFor();
    for (const [key, href] of [
      ["j", hrefs[2]],
      ["j", hrefs[3]],
      ["k", hrefs[2]],
    ] as const) {
      await page.keyboard.press(key);
      await page.waitForURL(href ?? "");
      await until(page, "document.activeElement.id === 'delivery'");
    }
    await page.getByRole("link", { name: "Previous delivery" }).click();
    await page.getByRole("link", { name: "Previous delivery" }).click();
    await page.waitForURL(hrefs[0] ?? "");
    const first = page.getByRole("button", { name: "Previous delivery" });
    assert.equal(await first.getAttribute("aria-disabled"), "true");
    await page.goBack();
    await page.waitForURL(`${server.url}/deliveries?type=order.paid`);
    assert.deepEqual(faults(), []);
  });

  test("selects by checkbox, with Shift, and with x", async () => {
    const { page, faults } = await open("/deliveries?type=order.paid");
    await until(page, `${COUNT_ROWS} === ${PAGE_ROWS}`);
    const boxes = page.getByRole("checkbox", { name: "Select order.paid to Orders" });
    const bar = page.getByRole("region", { name: "Selected deliveries" });
    await boxes.nth(1).check();
    await bar.getByText("1 selected").waitFor();
    await boxes.nth(4).click({ modifiers: ["Shift"] });
    await bar.getByText("4 selected").waitFor();
    await page.keyboard.press("j");
    await page.keyboard.press("x");
    await bar.getByText("5 selected").waitFor();
    await page.keyboard.press("x");
    await bar.getByText("4 selected").waitFor();
    const all = page.getByRole("checkbox", { name: "Select all loaded deliveries" });
    await all.check();
    await bar.getByText("50 selected").waitFor();
    assert.deepEqual(await pageViolations(page), []);
    await bar.getByRole("button", { name: "Retry now" }).click();
    const dialog = page.getByRole("alertdialog", { name: "Retry 50 deliveries now?" });
    await dialog.getByText("50 delivered: the receiver gets them a second time.").waitFor();
    await dialog.getByRole("button", { name: "Not now" }).click();
    await bar.getByRole("button", { name: "Clear selection" }).click();
    await bar.waitFor({ state: "detached" });
    await until(page, "document.activeElement !== document.body");
    assert.deepEqual(faults(), []);
  });

  test("saves a view for one person, without the search text", async () => {
    const { page, faults } = await open("/deliveries");
    const views = page.getByRole("navigation", { name: "Views" });
    await views.getByRole("link", { name: "Waiting" }).click();
    await page.waitForURL("**/deliveries?status=pending");
    await page.getByRole("combobox", { name: "Event type" }).fill("invoice.*");
    await page.keyboard.press("Enter");
    await page.getByLabel("Search payloads and responses").fill("secret-text");
    await page.keyboard.press("Enter");
    await page.waitForURL(/q=secret-text/);
    await views.getByRole("button", { name: "Save view" }).click();
    await page.getByLabel("Name of the view").fill("Waiting invoices");
    await page.keyboard.press("Enter");
    await views.getByRole("link", { name: "All" }).click();
    await page.waitForURL(`${server.url}/deliveries`);
    await page.reload();
    await views.getByRole("link", { name: "Waiting invoices" }).click();
    await page.waitForURL(/status=pending&type=invoice\.\*$/);
    assert.equal(await page.evaluate("JSON.stringify({ ...localStorage }).includes('secret-text')"), false);
    await views.getByRole("button", { name: "Remove view" }).click();
    assert.equal(await views.getByRole("link", { name: "Waiting invoices" }).count(), 0);
    assert.deepEqual(faults(), []);
  });

  test("shows the chart's times in the chosen time zone", async () => {
    const options = { url: server.url, cookie: owner.cookie, timezoneId: "Asia/Kolkata" };
    const { page, faults, close } = await openPage(browser, options);
    await page.goto("/deliveries");
    const chart = page.getByRole("figure", { name: "Deliveries, last 24 hours" });
    const ticks = () => chart.locator("svg text[text-anchor]:not([text-anchor=end])").allTextContents();
    const valueText = async () => {
      const slider = chart.getByRole("slider");
      await slider.press("End");
      return (await slider.getAttribute("aria-valuetext")) ?? "";
    };
    await chart.locator("svg text").first().waitFor();
    const localTicks = await ticks();
    assert.match(await valueText(), /:30 to /, "hours of UTC begin half past in India");
    await page.getByRole("button", { name: "Times in UTC" }).click();
    await chart.getByRole("columnheader", { name: "Time (UTC)" }).waitFor({ state: "attached" });
    assert.match(await valueText(), /:00 to /);
    assert.notDeepEqual(await ticks(), localTicks);
    assert.deepEqual(faults(), []);
    await close();
  });

  test("shows times in UTC everywhere once chosen", async () => {
    const { page, faults } = await open("/deliveries?type=order.paid");
    await page.getByRole("button", { name: "Times in UTC" }).click();
    await page
      .getByRole("link", { name: /order\.paid/ })
      .first()
      .click();
    await page
      .getByText(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} UTC$/)
      .first()
      .waitFor();
    await page.goto("/deliveries?from=2026-01-31T10:30:00.000Z");
    assert.equal(await page.getByLabel("From (UTC)").inputValue(), "2026-01-31T10:30");
    assert.deepEqual(faults(), []);
  });

  for (const width of [375, 768, 853, 900, 1024, 1180, 1280, 1440, 1920]) {
    test(`shows no column cut off at ${width} px, panel open and closed`, async () => {
      const { page, faults, close } = await open("/deliveries?type=order.paid");
      await page.setViewportSize({ width, height: 800 });
      await until(page, `${COUNT_ROWS} === ${PAGE_ROWS}`);
      assert.deepEqual(await page.evaluate(MISPLACED), []);
      await page.evaluate(`${ROWS}[2].click()`);
      await page.getByRole("heading", { name: "Attempts", level: 3 }).waitFor();
      assert.deepEqual(await page.evaluate(MISPLACED), []);
      if (width >= 1440) {
        const shown = await page.evaluate<string[]>(SHOWN_COLUMNS);
        for (const name of ["Status", "Event", "Connection", "Response"])
          assert.ok(shown.includes(name), name);
      }
      assert.deepEqual(faults(), []);
      await close();
    });
  }

  test("keeps the delivery open while the person types", async () => {
    const { page, faults } = await open("/deliveries");
    await page.getByRole("list", { name: "Deliveries, newest first" }).getByRole("link").first().click();
    const panel = page.getByRole("region", { name: "order.paid" });
    await panel.getByText("Delivered", { exact: true }).first().waitFor();
    await page.getByRole("combobox", { name: "Event type" }).fill("order");
    for (const key of ["Escape", "Escape", "Escape"]) await page.keyboard.press(key);
    await until(page, "document.activeElement.getAttribute('aria-label') === 'Event type'");
    assert.match(page.url(), /\/deliveries\/[0-9a-f-]{36}$/);
    await panel.getByRole("button", { name: "Close" }).focus();
    await page.keyboard.press("Escape");
    await page.waitForURL(`${server.url}/deliveries`);
    await until(page, "document.activeElement !== document.body");
    assert.deepEqual(faults(), []);
  });

  test("is replaced by the delivery on a narrow screen", async () => {
    const { page, faults } = await openPage(browser, {
      url: server.url,
      cookie: owner.cookie,
      width: 375,
    });
    await page.goto("/deliveries?type=order.paid");
    await page.getByRole("list", { name: "Deliveries, newest first" }).getByRole("link").first().click();
    await page.getByRole("heading", { name: "order.paid", level: 1 }).waitFor();
    assert.equal(await page.getByRole("heading", { name: "Deliveries" }).count(), 0);
    await page.getByRole("link", { name: "Deliveries", exact: true }).click();
    await page.waitForURL(`${server.url}/deliveries?type=order.paid`);
    assert.deepEqual(faults(), []);
  });

  test("says that it could not be loaded, and can be retried", async () => {
    const { page } = await openPage(browser, { url: server.url, cookie: owner.cookie });
    const path = /\/api\/deliveries\?/;
    await page.route(path, (route) => route.fulfill({ status: 422, json: {} }));
    await page.goto("/deliveries");
    await page.getByText("Deliveries could not be loaded").waitFor();
    await page.unroute(path);
    await page.getByRole("button", { name: "Try again" }).click();
    await until(page, `${COUNT_ROWS} === ${PAGE_ROWS}`);
  });
});

async function chooseResponse(page: Page, name: string): Promise<void> {
  await page.getByRole("combobox", { name: "Response" }).click();
  await page.getByRole("option", { name }).click();
  await page.keyboard.press("Escape");
}

/** Cells of the list that are cut off, without width or overlapping a neighbor, and a page that scrolls sideways. */
const MISPLACED = `(() => {
  const found = [];
  if (document.documentElement.scrollWidth > innerWidth) found.push("scrolls sideways");
  const list = document.querySelector("main ul [data-row]")?.closest("ul");
  if (!list) return found;
  const frame = list.getBoundingClientRect();
  for (const row of [...list.querySelectorAll("[data-row]")].slice(0, 5)) {
    const boxes = [...row.querySelectorAll(":scope > span, :scope > span:first-child > span")]
      .filter((one) => getComputedStyle(one).display !== "contents" && one.checkVisibility())
      .map((one) => ({ text: one.textContent, box: one.getBoundingClientRect() }));
    for (const [index, { text, box }] of boxes.entries()) {
      if (box.width < 20) found.push("no width: " + text);
      if (box.right > frame.right + 1 || box.left < frame.left - 1) found.push("outside: " + text);
      const next = boxes[index + 1]?.box;
      const isLine = next && Math.abs(next.top - box.top) < 4 && next.left > box.left;
      if (isLine && next.left < box.right - 1) found.push("overlaps: " + text);
    }
  }
  return found;
})()`;
const SHOWN_COLUMNS = `[...document.querySelectorAll("main [aria-hidden] > span")]
  .filter((one) => one.checkVisibility() && one.getBoundingClientRect().width > 40)
  .map((one) => one.textContent)`;
const ROWS = "[...document.querySelectorAll('main ul li a')]";
/** Controls of the list that are covered by something else after scrolling to them. */
const COVERED = `[...document.querySelectorAll("main button, main select, main input, main ul a")]
  .filter((one) => one.closest("[data-panel]") === null)
  .filter((one) => {
    one.scrollIntoView({ block: "center" });
    const { left, right, top, bottom } = one.getBoundingClientRect();
    return [left + 8, (left + right) / 2, right - 8].some((x) => {
      const there = document.elementFromPoint(x, (top + bottom) / 2);
      return there === null || !(one.contains(there) || there.closest("button")?.textContent.endsWith("new"));
    });
  })
  .map((one) => one.ariaLabel ?? one.textContent)`;
const COUNT_ROWS = `${ROWS}.length`;
