import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Browser } from "playwright-core";
import type { ApiClient } from "../support/api-client.ts";
import { browserMissing, launchBrowser, openPage, until } from "../support/browser.ts";
import { connect, startOwnedServer } from "../support/dashboard.ts";
import { pageViolations } from "../support/page-violations.ts";
import type { RunningServer } from "../support/server.ts";
import { holdFrames } from "./hold-frames.ts";

/** Every paginated list: its API call, the text of its button, and its contents. */
const LISTS = [
  { path: "/deliveries?live=off", api: "/api/deliveries", words: "Load older", what: "Older deliveries" },
  { path: "/events", api: "/api/events", words: "Load older", what: "Older events" },
  { path: "/audit-log", api: "/api/audit-log", words: "Load older", what: "Older entries" },
  { path: "/api-keys", api: "/api/api-keys", words: "Load more", what: "More API keys" },
  { path: "/members", api: "/api/members", words: "Load more", what: "More members" },
  {
    path: "/integrations/webhook",
    api: "/api/integrations/connections",
    words: "Load more",
    what: "More connections",
  },
] as const;
const PAGE_ROWS = 50;
const ITEMS =
  "[...document.querySelectorAll('main ul > li:not(nav li, figure li), main tbody > tr:not(figure tr)')]";
const idOf = (index: number) => `00000000-0000-7000-8000-${String(1000 - index).padStart(12, "0")}`;
const PROBLEM = { code: "overloaded", title: "Overloaded", detail: "The database is not reachable." };
/** A status that is not retried automatically; retries of temporary errors take seconds. */
const NOT_RETRIED = 400;

describe("the next page of a list", { skip: browserMissing }, () => {
  let browser: Browser;
  let server: RunningServer;
  let owner: ApiClient;
  before(async () => {
    let owned: Awaited<ReturnType<typeof startOwnedServer>>;
    [browser, owned] = await Promise.all([launchBrowser(), startOwnedServer()]);
    ({ server, owner } = owned);
    await connect(owner, {
      name: "Any",
      webhook_url: "https://hooks.zapier.com/hooks/catch/1/a",
      event_types: ["none"],
    });
    await connect(owner, { name: "Closed", webhook_url: "https://hooks.example.test/a" });
    await owner.post("/api/api-keys", { name: "Any", access: "sending_access" });
    await owner.post("/api/events", { type: "order.paid", data: {} });
  });
  after(() => Promise.all([browser.close(), server.stop()]));

  /** Opens the list and requests its next page, which is refused until `comeUp` is called. */
  const openRefused = async ({ path, api, words, what }: (typeof LISTS)[number], status: 400 | 503) => {
    const watched = await openPage(browser, {
      url: server.url,
      cookie: owner.cookie,
      expectedStatuses: [status],
    });
    const { page } = watched;
    const [row] = (await owner.get(`${api}?limit=1`)).body.data;
    const rows = Array.from({ length: PAGE_ROWS + 2 }, (_, index) => ({ ...row, id: idOf(index) }));
    let isDown = true;
    await page.route(
      (url) => url.pathname === api,
      (route) => {
        const isNext = new URL(route.request().url()).searchParams.has("cursor");
        if (isNext && isDown) return route.fulfill({ status, json: { ...PROBLEM, status } });
        const data = isNext ? rows.slice(PAGE_ROWS) : rows.slice(0, PAGE_ROWS);
        return route.fulfill({
          json: { object: "list", data, has_more: !isNext, next_cursor: isNext ? null : "next" },
        });
      },
    );
    await page.goto(path);
    await page.getByRole("button", { name: words }).focus();
    await page.keyboard.press("Enter");
    const problem = page.getByRole("alert").filter({ hasText: `${what} could not be loaded` });
    await problem.getByText("The database is not reachable.").waitFor();
    await until(page, "document.activeElement.textContent === 'Try again'");
    return {
      ...watched,
      recover: () => {
        isDown = false;
      },
    };
  };

  for (const list of LISTS) {
    test(`says at ${list.path} why it failed to load, and then focuses its first row`, async () => {
      const { page, faults, recover, close } = await openRefused(list, 503);
      assert.deepEqual(await pageViolations(page), []);

      recover();
      await page.keyboard.press("Enter");
      await until(page, `${ITEMS}.length === ${PAGE_ROWS + 2}`);
      await until(page, `${ITEMS}[${PAGE_ROWS}].contains(document.activeElement)`);
      assert.equal(await page.getByRole("button", { name: list.words }).count(), 0);
      assert.deepEqual(faults(), []);
      await close();
    });

    test(`moves focus at ${list.path} to its first row if it arrives before the next frame`, async () => {
      const { page, faults, recover, close } = await openRefused(list, NOT_RETRIED);
      const frames = await holdFrames(page);
      recover();
      await page.keyboard.press("Enter");
      await until(page, `${ITEMS}.length === ${PAGE_ROWS + 2}`);
      await frames.letThrough();
      await until(page, "document.activeElement !== document.body");
      assert.ok(await page.evaluate(`${ITEMS}[${PAGE_ROWS}].contains(document.activeElement)`));
      assert.deepEqual(faults(), []);
      await close();
    });
  }

  test("moves focus to the title when the list above it disappears", async () => {
    const { page, faults, close } = await openPage(browser, { url: server.url, cookie: owner.cookie });
    const [row] = (await owner.get("/api/events?limit=1")).body.data;
    let calls = 0;
    await page.route(
      (url) => url.pathname === "/api/events" && !url.searchParams.has("type"),
      (route) => {
        const from = PAGE_ROWS * calls++;
        const data = Array.from({ length: PAGE_ROWS }, (_, index) => ({ ...row, id: idOf(from + index) }));
        return route.fulfill({ json: { object: "list", data, has_more: true, next_cursor: "next" } });
      },
    );
    await page.goto("/events?type=no.such.type");
    await page.getByRole("button", { name: "Clear filters" }).first().click();
    await page.getByRole("button", { name: "Load older" }).focus();
    await page.keyboard.press("Enter");
    await until(page, `${ITEMS}.length === ${2 * PAGE_ROWS}`);
    assert.equal(await page.evaluate("document.activeElement.textContent"), "Load older");
    await page.goBack();
    await page.getByText("No matches", { exact: true }).waitFor();
    await until(page, "document.activeElement.tagName === 'H1'");
    assert.deepEqual(faults(), []);
    await close();
  });
});
