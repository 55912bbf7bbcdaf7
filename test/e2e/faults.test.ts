import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Browser } from "playwright-core";
import type { ApiClient } from "../support/api-client.ts";
import { browserMissing, launchBrowser, openPage, until } from "../support/browser.ts";
import { startOwnedServer } from "../support/dashboard.ts";
import type { RunningServer } from "../support/server.ts";

const OVERLOADED = {
  status: 503,
  contentType: "application/problem+json",
  body: JSON.stringify({
    type: "about:blank",
    title: "The server is temporarily unavailable",
    status: 503,
    detail: "The database is not reachable.",
    code: "overloaded",
    request_id: "0",
  }),
};

describe("the dashboard when something is broken", { skip: browserMissing }, () => {
  let browser: Browser;
  let server: RunningServer;
  let owner: ApiClient;
  before(async () => {
    let owned: Awaited<ReturnType<typeof startOwnedServer>>;
    [browser, owned] = await Promise.all([launchBrowser(), startOwnedServer()]);
    ({ server, owner } = owned);
  });
  after(() => Promise.all([browser.close(), server.stop()]));

  const open = (expectedStatuses: number[] = []) =>
    openPage(browser, { url: server.url, cookie: owner.cookie, expectedStatuses });

  test("links back from an unknown URL", async () => {
    const { page, faults } = await open();
    await page.goto("/nowhere/at/all");
    await page.getByRole("heading", { name: "There is no page here" }).waitFor();
    await page.getByRole("link", { name: "Go to the overview" }).click();
    await page.getByRole("heading", { name: "Overview", level: 1 }).waitFor();
    assert.deepEqual(faults(), []);
  });

  test("keeps the navigation when a page crashes, and links back", async () => {
    const { page } = await open();
    await page.route("**/api/api-keys*", (route) =>
      route.fulfill({ json: { object: "list", data: [null], has_more: false } }),
    );
    await page.goto("/api-keys");
    await page.getByRole("heading", { name: "This page stopped working" }).waitFor();
    await until(page, "document.activeElement !== document.body");
    assert.ok(await page.getByRole("navigation", { name: "Main" }).isVisible());
    await page.getByRole("link", { name: "Go to the overview" }).click();
    await page.getByRole("heading", { name: "Overview", level: 1 }).waitFor();
  });

  test("keeps the page when a list cannot be loaded, and offers a retry", async () => {
    const { page, faults } = await open([503]);
    await page.route("**/api/integrations", (route) => route.fulfill(OVERLOADED));
    await page.goto("/integrations/webhook");
    await page.getByText("Connections could not be loaded").waitFor();
    await page.getByText("The database is not reachable.").waitFor();
    assert.ok(await page.getByRole("heading", { name: "Webhook / Zapier", level: 1 }).isVisible());
    await page.unroute("**/api/integrations");
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByLabel("Webhook URL").waitFor();
    assert.deepEqual(faults(), []);
  });

  test("says so when a save does not reach the server, and keeps the input", async () => {
    const { page, context } = await open();
    await page.goto("/integrations/webhook");
    const checks = page.waitForResponse(/\/assets\/connect-resolver-/);
    await page.getByLabel("Webhook URL").fill("https://10.0.0.7/typed");
    await (await checks).finished();
    await context.setOffline(true);
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await page.getByText("OpenSend is not responding.").waitFor();
    assert.equal(await page.getByLabel("Webhook URL").inputValue(), "https://10.0.0.7/typed");
  });

  test("sends nothing when a form's validation cannot be loaded, keeps the input, and offers a retry", async () => {
    const { page } = await open();
    const sent: string[] = [];
    page.on("request", (request) => request.method() === "POST" && sent.push(request.url()));
    await page.route("**/assets/connect-resolver-*.js", (route) => route.abort());
    await page.goto("/integrations/webhook");
    await page.getByLabel("Webhook URL").fill("nonsense");
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await page.getByText(/^Part of this form could not be fetched, so nothing was sent\./).waitFor();
    assert.equal(await page.getByLabel("Webhook URL").inputValue(), "nonsense");
    await page.unroute("**/assets/connect-resolver-*.js");
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await page.getByText("Enter a whole URL that starts with https://.").waitFor();
    assert.deepEqual(sent, []);
  });

  test("still shows responses of a local server when the machine is offline", async () => {
    const { page, faults } = await open();
    await page.goto("/integrations");
    await page.getByRole("heading", { name: "Integrations", level: 1 }).waitFor();
    await page.evaluate("window.dispatchEvent(new Event('offline'))");
    await page.getByRole("link", { name: "API keys" }).click();
    await page.getByText("No API keys yet").waitFor();
    assert.deepEqual(faults(), []);
  });

  test("says so in place of a form that cannot be loaded, and offers a retry", async () => {
    const { page } = await open();
    await page.goto("/api-keys");
    await page.route("**/assets/create-key-dialog-*.js", (route) => route.abort());
    await page.getByRole("button", { name: "Create key" }).click();
    await page.getByText("The form cannot be shown").waitFor();
    await page.getByText(/^It could not be fetched\. OpenSend may have been updated/).waitFor();
    assert.ok(await page.getByRole("heading", { name: "API keys", level: 1 }).isVisible());
    await page.unroute("**/assets/create-key-dialog-*.js");
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByRole("dialog", { name: "Create API key" }).waitFor();
    await until(page, "document.activeElement.closest('[role=dialog]') !== null");
  });

  test("shows a separate page when the server does not respond at all", async () => {
    const { page } = await open();
    await page.route("**/api/session", (route) => route.abort());
    await page.goto("/integrations");
    await page.getByRole("heading", { name: "This page could not be loaded" }).waitFor();
    await page.getByText("OpenSend is not responding.").waitFor();
    await page.unroute("**/api/session");
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByRole("heading", { name: "Integrations", level: 1 }).waitFor();
  });
});
