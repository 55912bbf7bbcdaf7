import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Page } from "playwright-core";
import { browserMissing, openPage } from "../support/browser.ts";
import { followRequests } from "../support/quiet.ts";
import { openSeededDashboard, SEEDED_PAGES, type SeededDashboard } from "./seeded-pages.ts";

/**
 * Wraps every text in an element, as a browser's translation does: the text nodes that React knows are then no longer
 * in their place. Also wraps text that appears later.
 */
const TRANSLATE = `(() => {
  const isTranslated = (text) => text.parentElement?.tagName === "FONT";
  const translate = (root) => {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    const texts = [];
    for (let text = walker.nextNode(); text !== null; text = walker.nextNode()) texts.push(text);
    for (const text of texts) {
      if (text.data.trim() === "" || isTranslated(text)) continue;
      if (text.parentElement?.closest("script, style, title, textarea, code, pre, [translate=no]")) continue;
      const outer = document.createElement("font");
      const inner = document.createElement("font");
      outer.append(inner);
      text.replaceWith(outer);
      inner.append("«" + text.data + "»");
    }
  };
  translate(document.body);
  globalThis.translation ??= new MutationObserver((changes) => {
    for (const { addedNodes } of changes) for (const node of addedNodes) {
      if (node.isConnected && node.nodeType === Node.ELEMENT_NODE && node.tagName !== "FONT") translate(node);
    }
  });
  globalThis.translation.observe(document.body, { childList: true, subtree: true });
})()`;

const SWITCHES = "main :is([role=tab], [aria-expanded], [aria-pressed], summary)";
const PRESSES_MAX = 12;

/** Uses every control that opens, folds, switches or filters; none that changes data. */
async function useControls(page: Page, quiet: () => Promise<void>): Promise<void> {
  const count = Math.min(
    PRESSES_MAX,
    await page.evaluate<number>(`document.querySelectorAll("${SWITCHES}").length`),
  );
  for (let index = 0; index < count; index++) {
    await page.evaluate(`document.querySelectorAll("${SWITCHES}")[${index}]?.click()`);
    await page.keyboard.press("Escape");
  }
  for (const select of await page.locator("main search select").all()) {
    if (!(await select.isVisible().catch(() => false))) continue;
    await select.selectOption({ index: 1 });
    await quiet();
  }
}

describe("a page translated by the browser", { skip: browserMissing }, () => {
  let dashboard: SeededDashboard;
  before(async () => {
    dashboard = await openSeededDashboard();
  });
  after(() => dashboard.close());

  /** Error texts of a whole page or of a part of it. */
  const CRASHED = /stopped working|cannot be shown|could not be loaded/;

  for (const { name, path } of SEEDED_PAGES) {
    test(`${name} survives changes and navigation`, async () => {
      const { browser, server, owner, objects } = dashboard;
      const { page, faults, close } = await openPage(browser, { url: server.url, cookie: owner.cookie });
      const quiet = followRequests(page);
      await page.clock.install();
      await page.goto(path(objects));
      await page.getByRole("heading", { level: 1 }).waitFor();
      await quiet();
      const assertWhole = async (when: string) => {
        const text = (await page.locator("body").textContent()) ?? "";
        assert.doesNotMatch(text, CRASHED, when);
        assert.deepEqual(faults(), [], when);
      };
      await page.evaluate(TRANSLATE);
      await page.evaluate("document.querySelectorAll('main font').length").then((count) => assert.ok(count));
      await owner.post("/api/events", { type: "order.created", data: { from: "a translated page" } });
      await page.clock.runFor(130_000); // relative times change, and data is polled again
      await quiet();
      await assertWhole("after a live change");
      await useControls(page, quiet);
      await assertWhole("after its controls were used");
      for (const to of ["/events", "/members", "/deliveries"]) {
        await page.locator(`aside a[href="${to}"]`).click();
        await page.waitForURL(`**${to}`);
        await page.getByRole("heading", { level: 1 }).waitFor();
        await assertWhole(`after going to ${to}`);
      }
      await page.goBack();
      await page.waitForURL("**/members");
      await page.getByRole("heading", { level: 1 }).waitFor();
      await assertWhole("after going back");
      await close();
    });
  }
});
