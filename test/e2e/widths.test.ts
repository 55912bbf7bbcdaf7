import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Page } from "playwright-core";
import { browserMissing, openPage } from "../support/browser.ts";
import { followRequests } from "../support/quiet.ts";
import { LAYOUT_FAULTS, ROW_TEXTS } from "./measure-layout.ts";
import { openSeededDashboard, SEEDED_PAGES, type SeededDashboard, type SeededPage } from "./seeded-pages.ts";

/** 853 px is a window of 1280 px at 150 % zoom. */
const WIDTHS = [375, 768, 853, 900, 1024, 1180, 1280, 1440, 1920];
const TWO_FRAMES = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))";

describe("at every width", { skip: browserMissing }, () => {
  let dashboard: SeededDashboard;
  let page: Page;
  let quiet: () => Promise<void>;
  before(async () => {
    dashboard = await openSeededDashboard();
    const { browser, server, owner } = dashboard;
    ({ page } = await openPage(browser, { url: server.url, cookie: owner.cookie }));
    quiet = followRequests(page);
  });
  after(() => dashboard.close());

  for (const one of SEEDED_PAGES) {
    test(`${one.name}: nothing is cut off, overlaps, scrolls sideways or is lost`, async () => {
      await page.setViewportSize({ width: 1280, height: 900 });
      await page.goto(one.path(dashboard.objects));
      await page.getByRole("heading", { level: 1 }).waitFor();
      await quiet();
      const faults: Record<string, readonly string[]> = {};
      for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: 900 });
        await page.evaluate(TWO_FRAMES);
        const found = [...(await page.evaluate<string[]>(LAYOUT_FAULTS)), ...(await lostColumns(one))];
        if (found.length > 0) faults[width] = found.slice(0, 8);
      }
      assert.deepEqual(faults, {});
    });
  }

  test("the sidebar is behind a button below 1024 px, and next to the page from there on", async () => {
    await page.goto("/members");
    const menu = page.getByRole("button", { name: "Open menu" });
    const entries = () => page.getByRole("navigation", { name: "Main" }).getByRole("link").allInnerTexts();
    await page.setViewportSize({ width: 1023, height: 900 });
    await menu.click();
    await page.getByRole("dialog").waitFor();
    const inDrawer = await entries();
    await page.keyboard.press("Escape");
    await page.setViewportSize({ width: 1024, height: 900 });
    await menu.waitFor({ state: "hidden" });
    assert.deepEqual(await entries(), inDrawer);
    assert.deepEqual(inDrawer.slice(0, 4), ["Overview", "Integrations", "Deliveries", "Events"]);
  });

  test("lists use a wide screen, and running text stays readable", async () => {
    await page.setViewportSize({ width: 1920, height: 900 });
    await page.goto("/audit-log");
    await page.getByRole("table").waitFor();
    const widthOf = (selector: string) =>
      page.evaluate<number>(`document.querySelector("${selector}").getBoundingClientRect().width`);
    assert.ok((await widthOf("main table")) > 1500);
    assert.ok((await widthOf("main header h1 + div")) < 700);
  });

  const lostColumns = async ({ columns }: SeededPage): Promise<readonly string[]> => {
    if (columns === null) return [];
    const rows = await page.evaluate<string[]>(ROW_TEXTS);
    if (rows.length === 0) return ["no row is shown"];
    return rows.flatMap((text) =>
      columns.filter((column) => !column.test(text)).map((column) => `${column} is not shown in: ${text}`),
    );
  };
});
