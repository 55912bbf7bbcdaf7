import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { ApiClient, OWNER } from "../support/api-client.ts";
import { browserMissing, launchBrowser, openPage, until } from "../support/browser.ts";
import { connect, startOwnedServer } from "../support/dashboard.ts";
import type { RunningServer } from "../support/server.ts";

const TRIES_UNTIL_LOCKED_MAX = 10;
/** The lockout in minutes for failed attempts on one account from one address. */
const LOCKED_MIN_MAX = 5;

describe("signing in", { skip: browserMissing }, () => {
  let browser: Browser;
  let server: RunningServer;
  let owner: ApiClient;
  before(async () => {
    let owned: Awaited<ReturnType<typeof startOwnedServer>>;
    [browser, owned] = await Promise.all([launchBrowser(), startOwnedServer()]);
    ({ server, owner } = owned);
  });
  after(() => Promise.all([browser.close(), server.stop()]));

  const signIn = async (page: Page, email: string, password: string) => {
    await page.getByLabel("Email").fill(email);
    await page.getByLabel("Password", { exact: true }).fill(password);
    await page.getByRole("button", { name: "Sign in" }).click();
  };

  test("leads to the requested page, and signs out again", async () => {
    const { page, faults } = await openPage(browser, { url: server.url, expectedStatuses: [401] });
    await page.goto("/api-keys");
    await page.waitForURL("**/sign-in?next=%2Fapi-keys");
    await signIn(page, OWNER.email, OWNER.password);
    await page.waitForURL("**/api-keys");
    await page.getByRole("heading", { name: "API keys", level: 1 }).waitFor();

    await page.getByRole("button", { name: /Account menu/ }).click();
    await page.getByText("Owner").first().waitFor();
    await page.getByRole("menuitem", { name: "Sign out" }).click();
    await page.waitForURL("**/sign-in");
    await page.goto("/integrations");
    await page.waitForURL("**/sign-in?next=%2Fintegrations");
    assert.deepEqual(faults(), []);
  });

  test("does not redirect to another origin", async () => {
    const { page, faults } = await openPage(browser, { url: server.url });
    await page.goto("/sign-in?next=%2F%2Fexample.com");
    await signIn(page, OWNER.email, OWNER.password);
    await page.waitForURL(`${server.url}/`);
    assert.deepEqual(faults(), []);
  });

  test("is required again when the session has ended, and returns to the same page", async () => {
    const { page, context, faults } = await openPage(browser, {
      url: server.url,
      cookie: owner.cookie,
      expectedStatuses: [401],
    });
    await page.goto("/integrations");
    await page.getByRole("heading", { name: "Integrations" }).waitFor();
    await context.clearCookies();
    await page.getByRole("link", { name: "API keys" }).click();
    await page.waitForURL("**/sign-in?next=%2Fapi-keys");
    await signIn(page, OWNER.email, OWNER.password);
    await page.waitForURL("**/api-keys");
    assert.deepEqual(faults(), []);
  });

  test("is required when the session ends while a page shows live changes", async () => {
    const own = new ApiClient(server.url);
    await own.post("/api/session", { email: OWNER.email, password: OWNER.password });
    const { page, faults } = await openPage(browser, {
      url: server.url,
      cookie: own.cookie,
      expectedStatuses: [401],
    });
    // The stream's response after the session's end, which it would otherwise get only after up to half a minute.
    await page.route(/\/api\/stream/, (route) => route.fulfill({ status: 401, body: "" }));
    await page.goto("/deliveries");
    await page.getByText("Reconnecting", { exact: false }).waitFor();
    await own.delete("/api/session");
    await page.waitForURL("**/sign-in?next=%2Fdeliveries");
    assert.deepEqual(faults(), []);
  });

  test("is required in the other tabs too, once one of them signs out", async () => {
    const own = new ApiClient(server.url);
    await own.post("/api/session", { email: OWNER.email, password: OWNER.password });
    const watched = await openPage(browser, {
      url: server.url,
      cookie: own.cookie,
      expectedStatuses: [401],
    });
    const other = await watched.context.newPage();
    for (const page of [watched.page, other]) {
      await page.goto("/members");
      await page.getByRole("heading", { name: "Members", level: 1 }).waitFor();
    }
    await watched.page.getByRole("button", { name: /Account menu/ }).click();
    await watched.page.getByRole("menuitem", { name: "Sign out" }).click();
    await watched.page.waitForURL("**/sign-in");
    await other.waitForURL("**/sign-in");
    assert.deepEqual(watched.faults(), []);
  });

  test("is not required if the person cancels Sign out to keep editing", async () => {
    const id = await connect(owner, { name: "Edited", webhook_url: "https://example.com/hook" });
    const own = new ApiClient(server.url);
    await own.post("/api/session", { email: OWNER.email, password: OWNER.password });
    const { page, faults } = await openPage(browser, { url: server.url, cookie: own.cookie });
    await page.goto(`/integrations/connections/${id}/settings`);
    await page.getByLabel("Name", { exact: true }).fill("Edited again");
    await page.getByRole("button", { name: /Account menu/ }).click();
    await page.getByRole("menuitem", { name: "Sign out" }).click();
    await page.getByRole("button", { name: "Keep editing" }).click();
    await page.getByRole("button", { name: "Save changes" }).click();
    await page.getByText("Saved.", { exact: true }).waitFor();
    assert.deepEqual(faults(), []);
  });

  test("shows the same error for a wrong email and a wrong password, then makes the person wait", async () => {
    const { page, faults } = await openPage(browser, { url: server.url, expectedStatuses: [401, 429] });
    await page.goto("/sign-in");
    await signIn(page, "nobody@example.com", "something wrong");
    await page.getByText("Email or password is wrong.").waitFor();
    await page.goto("/sign-in");
    await signIn(page, OWNER.email, "something wrong");
    await page.getByText("Email or password is wrong.").waitFor();
    assert.equal(await page.getByLabel("Password", { exact: true }).inputValue(), "");

    // The page has been open for a while without reading the clock.
    await page.evaluate("window.dateNow = Date.now; Date.now = () => window.dateNow() + 600_000");
    const timer = page.getByRole("timer");
    await page.evaluate(`window.shownTimes = new Set(); new MutationObserver(() => {
      const shown = document.querySelector("[role=timer]")?.textContent;
      if (shown) window.shownTimes.add(shown);
    }).observe(document.body, { subtree: true, childList: true, characterData: true })`);
    for (let tries = 0; tries < TRIES_UNTIL_LOCKED_MAX && !(await timer.isVisible()); tries++) {
      const responded = page.waitForResponse("**/api/session");
      await signIn(page, OWNER.email, "something wrong");
      await responded;
      await page.getByRole("alert").waitFor();
    }
    const first = await timer.textContent();
    assert.match(first ?? "", /^(\d+ min )?\d+ s$/);
    const button = page.getByRole("button", { name: "Sign in" });
    assert.equal(await button.getAttribute("aria-disabled"), "true");
    await until(page, `document.querySelector("[role=timer]").textContent !== ${JSON.stringify(first)}`);
    await until(page, "document.activeElement !== document.body");
    const shown = await page.evaluate<string[]>("[...window.shownTimes]");
    assert.deepEqual(
      shown.filter((text) => Number(/^(\d+) min/.exec(text)?.[1] ?? 0) > LOCKED_MIN_MAX),
      [],
    );
    assert.deepEqual(faults(), []);
  });
});
