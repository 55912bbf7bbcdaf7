import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Browser } from "playwright-core";
import { axeViolations, browserMissing, launchBrowser, openPage, until } from "../support/browser.ts";
import { pageViolations } from "../support/page-violations.ts";
import { type RunningServer, startServer } from "../support/server.ts";

const PAGES = ["/docs", "/docs/verifying", "/docs/api", "/docs/api/events", "/docs/errors/unsafe_url"];
const WIDTHS = [375, 768, 853, 1024, 1280, 1920];

describe("the documentation", { skip: browserMissing }, () => {
  let browser: Browser;
  let server: RunningServer;
  before(async () => {
    [browser, server] = await Promise.all([launchBrowser(), startServer()]);
  });
  after(() => Promise.all([browser.close(), server.stop()]));

  const open = (width: 1280 | 375 = 1280) => openPage(browser, { url: server.url, width });

  for (const path of PAGES) {
    it(`has no faults at ${path}, in both themes and at every width`, async () => {
      for (const width of [1280, 375] as const) {
        const watched = await open(width);
        await watched.page.goto(path);
        await watched.page.getByRole("search").waitFor();
        // The skip link is visible while it has focus, and covers its neighbors.
        for (const key of ["Tab", "Tab"]) await watched.page.keyboard.press(key);
        assert.deepEqual(await pageViolations(watched.page), [], `at ${width} px`);
        await watched.page.emulateMedia({ colorScheme: "dark" });
        assert.deepEqual(await axeViolations(watched.page, "colors"), [], `dark at ${width} px`);
        assert.deepEqual(watched.faults(), []);
        await watched.close();
      }
      const watched = await open();
      await watched.page.goto(path);
      for (const width of WIDTHS) {
        await watched.page.setViewportSize({ width, height: 800 });
        const overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth";
        assert.equal(await watched.page.evaluate(overflow), 0, `at ${width} px`);
      }
      await watched.close();
    });
  }

  it("finds an operation, an error code and a section by keyboard", async () => {
    const watched = await open();
    const { page } = watched;
    for (const [query, path] of [
      ["POST /api/events", "/docs/api/events#createEvent"],
      ["rotateSigningSecret", "/docs/api/integrations#rotateSigningSecret"],
      ["rate_limited", "/docs/errors/rate_limited"],
      ["reverse prox", "/docs/self-hosting#reverse-proxy"],
    ] as const) {
      await page.goto("/docs");
      await page.getByRole("search").waitFor();
      await page.keyboard.press("/");
      await page.keyboard.type(query);
      await page.getByRole("option").first().waitFor();
      await until(page, `document.querySelector("[role=status]").textContent !== ""`);
      assert.deepEqual(await axeViolations(page), [], query);
      await page.keyboard.press("Enter");
      await page.waitForURL(`**${path}`);
    }
    await page.keyboard.press("/");
    await page.keyboard.type("zzzzzz");
    await page.getByText("No results").first().waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("listbox").waitFor({ state: "hidden" });
    assert.deepEqual(watched.faults(), []);
    await watched.close();
  });

  it("keeps the chosen theme and sample language across pages", async () => {
    const watched = await open();
    const { page } = watched;
    await page.goto("/docs/api/events");
    await page.getByRole("button", { name: "Dark theme" }).click();
    await page.getByRole("group", { name: "Sample" }).first().getByLabel("Python").check();
    await page.goto("/docs/api/deliveries");
    await page.getByRole("button", { name: "Light theme" }).waitFor();
    const background = "getComputedStyle(document.documentElement).backgroundColor";
    assert.equal(await page.evaluate(background), "rgb(11, 13, 18)");
    const groups = await page.getByRole("group", { name: "Sample" }).all();
    assert.ok(groups.length > 5);
    for (const group of groups) assert.ok(await group.getByLabel("Python").isChecked());
    await page.getByText("from urllib.request").first().waitFor();
    await watched.close();
  });

  it("copies a sample", async () => {
    const watched = await open();
    const { page, context } = watched;
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await page.goto("/docs/api/events");
    await page.getByRole("button", { name: "Copy" }).first().click();
    await page.getByRole("button", { name: "Copied" }).waitFor();
    const copied = await page.evaluate<string>("navigator.clipboard.readText()");
    assert.match(copied, /^curl --fail-with-body "\$OPENSEND_URL\/api\/events"/);
    await watched.close();
  });

  it("opens its menu on a phone", async () => {
    const watched = await open(375);
    const { page } = watched;
    await page.goto("/docs");
    await page.getByRole("button", { name: "Menu" }).click();
    assert.deepEqual(await axeViolations(page), []);
    await page.getByRole("navigation").getByRole("link", { name: "Self-hosting", exact: true }).click();
    await page.waitForURL("**/docs/self-hosting");
    await page.getByRole("heading", { level: 1, name: "Self-hosting" }).waitFor();
    await watched.close();
  });

  it("redirects from the old URL of a moved section to its new page", async () => {
    const watched = await open();
    const { page } = watched;
    await page.goto("/docs/integrations#replay");
    await page.waitForURL("**/docs/replays");
    await page.goto("/docs/self-hosting#restore");
    await page.waitForURL("**/docs/backup#restore");
    assert.deepEqual(watched.faults(), []);
    await watched.close();
  });

  it("is readable without scripts, except for the search", async () => {
    const context = await browser.newContext({ baseURL: server.url, javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto("/docs/api/events");
    await page.getByRole("heading", { name: "Accept an event" }).waitFor();
    await page.getByRole("group", { name: "Sample" }).first().getByLabel("TypeScript").check();
    await page.getByText("const response = await fetch").first().waitFor();
    assert.equal(await page.getByRole("search").count(), 0);
    assert.equal(await page.getByRole("button", { name: "Copy" }).count(), 0);
    await context.close();
  });
});
