import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { type ApiClient, OWNER } from "../support/api-client.ts";
import { browserMissing, launchBrowser, openPage } from "../support/browser.ts";
import { connect, startOwnedServer } from "../support/dashboard.ts";
import { startTestReceiver, type TestReceiver } from "../support/receiver.ts";
import type { RunningServer } from "../support/server.ts";

/** The label or text of the element that has focus once everything has been drawn. */
const FOCUSED = `new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => {
  const { activeElement } = document;
  if (activeElement === document.body) return resolve("body");
  resolve((activeElement.labels?.[0] ?? activeElement).textContent.trim());
})))`;

/** A status that is not retried automatically, unlike temporary errors. */
const REFUSED = 400;

describe("focus never falls to body", { skip: browserMissing }, () => {
  let browser: Browser;
  let server: RunningServer;
  let owner: ApiClient;
  let receiver: TestReceiver;
  let connectionId: string;
  before(async () => {
    let owned: Awaited<ReturnType<typeof startOwnedServer>>;
    [browser, owned, receiver] = await Promise.all([
      launchBrowser(),
      startOwnedServer(),
      startTestReceiver(),
    ]);
    ({ server, owner } = owned);
    connectionId = await connect(owner, {
      name: "Signed",
      webhook_url: `${receiver.url}/hook`,
      signing_secret: "first-secret",
    });
    await owner.post("/api/integrations/inspector");
  });
  after(() => Promise.all([browser.close(), server.stop(), receiver.close()]));

  const open = async (path: string, expectedStatuses: number[] = []) => {
    const watched = await openPage(browser, { url: server.url, cookie: owner.cookie, expectedStatuses });
    await watched.page.goto(path);
    await watched.page.getByRole("heading", { level: 1 }).waitFor();
    return watched;
  };
  const focused = (page: Page) => page.evaluate<string>(FOCUSED);
  const pressEnterOn = async (page: Page, name: string) => {
    await page.getByRole("button", { name, exact: true }).focus();
    await page.keyboard.press("Enter");
  };
  const isGone = (page: Page, name: string) =>
    page.getByRole("button", { name, exact: true }).waitFor({ state: "detached" });

  test("when changes are discarded", async () => {
    for (const path of [`/integrations/connections/${connectionId}/settings`, "/settings"]) {
      const { page, faults, close } = await open(path);
      await page.getByLabel("Name", { exact: true }).fill("Half typed");
      await pressEnterOn(page, "Discard");
      await isGone(page, "Discard");
      assert.equal(await focused(page), "Save changes", path);
      assert.deepEqual(faults(), []);
      await close();
    }
  });

  test("when another person's changes are reloaded", async () => {
    const { page, faults, close } = await open(`/integrations/connections/${connectionId}/settings`, [412]);
    await page.getByLabel("Description", { exact: true }).fill("Mine");
    await owner.patch(`/api/integrations/connections/${connectionId}`, { description: "Theirs" });
    await pressEnterOn(page, "Save changes");
    await page.getByText("Nothing of yours was saved.").waitFor();
    await pressEnterOn(page, "Reload");
    await isGone(page, "Reload");
    assert.equal(await focused(page), "Signed");
    assert.equal(await page.getByLabel("Description", { exact: true }).inputValue(), "Theirs");
    assert.deepEqual(faults(), []);
    await close();
  });

  test("when a secret is saved from its field, and a revealed secret is hidden again", async () => {
    const { page, faults, close } = await open(`/integrations/connections/${connectionId}/settings`);
    const secret = page.getByLabel("Replace secret", { exact: true });
    await secret.fill("second-secret");
    await page.getByRole("button", { name: "Show what was typed" }).click();
    await secret.press("Enter");
    await page.getByText("Saved.", { exact: true }).waitFor();
    await isGone(page, "Discard");
    assert.equal(await focused(page), "Replace secret");
    assert.equal(await secret.getAttribute("type"), "password");

    await page.getByRole("button", { name: "Generate a signing secret" }).click();
    assert.equal(await secret.getAttribute("type"), "text");
    await secret.press("Enter");
    await isGone(page, "Copy signing secret");
    assert.equal(await focused(page), "Replace secret");
    assert.equal(await secret.getAttribute("type"), "password");
    assert.equal(await secret.inputValue(), "");
    assert.deepEqual(faults(), []);
    await close();
  });

  test("when a password is changed from its field", async () => {
    const { page, faults, close } = await open("/settings/account");
    await page.getByLabel("Current password").fill(OWNER.password);
    const next = page.getByLabel("New password");
    const password = `${OWNER.password} and more`;
    await next.fill(password);
    await page.getByRole("button", { name: "Show what was typed" }).last().click();
    await next.press("Enter");
    await page.getByText("Password changed. Your other sessions have ended.", { exact: true }).waitFor();
    assert.equal(await focused(page), "New password");
    assert.equal(await next.getAttribute("type"), "password");
    assert.equal(await next.inputValue(), "");
    assert.deepEqual(faults(), []);
    await close();
    // The session has a new token.
    await owner.post("/api/session", { email: OWNER.email, password });
  });

  test("when the inspector's Retry-After is set", async () => {
    await owner.patch("/api/inspector", { answer: "429" });
    const { page, faults, close } = await open("/integrations/inspector");
    const seconds = page.getByLabel("Retry-After in seconds");
    await seconds.fill("7");
    await seconds.press("Enter");
    await page.getByText("Saved. Retry-After is now 7 s.", { exact: true }).waitFor();
    assert.equal(await focused(page), "Retry-After in seconds");
    assert.equal(await seconds.inputValue(), "7");
    assert.deepEqual(faults(), []);
    await close();
  });

  test("when the inspector returns to the connection's secret", async () => {
    await owner.patch("/api/inspector", { secret: "another-secret" });
    const { page, faults, close } = await open("/integrations/inspector");
    await pressEnterOn(page, "Use the connection's secret");
    await isGone(page, "Use the connection's secret");
    assert.equal(await focused(page), "Verify with this secret");
    assert.deepEqual(faults(), []);
    await close();
  });

  const LISTS = [
    { at: "/api-keys", what: "API keys", path: "**/api/api-keys?*" },
    { at: "/members", what: "Members", path: "**/api/members?*" },
    { at: "/members", what: "Invitations", path: "**/api/invitations" },
    { at: "/audit-log", what: "The audit log", path: "**/api/audit-log?*" },
    { at: "/events", what: "Events", path: "**/api/events?*" },
    { at: "/deliveries", what: "Deliveries", path: "**/api/deliveries?*" },
    { at: "/integrations", what: "Integrations", path: "**/api/integrations" },
    { at: "/integrations/webhook", what: "Connections", path: "**/api/integrations/connections?*" },
    { at: "/integrations/inspector", what: "Requests", path: "**/api/inspector/requests" },
    { at: "/settings", what: "The workspace", path: "**/api/workspace" },
    { at: "/settings/account", what: "Your sessions", path: "**/api/sessions" },
  ];
  for (const { at, what, path } of LISTS) {
    test(`when a retry works: ${what}`, async () => {
      const { page, faults, close } = await openPage(browser, {
        url: server.url,
        cookie: owner.cookie,
        expectedStatuses: [REFUSED],
      });
      await page.route(path, (route) => route.fulfill({ status: REFUSED }));
      await page.goto(at);
      await page.getByText(`${what} could not be loaded`).waitFor();
      await page.unroute(path);
      await pressEnterOn(page, "Try again");
      await isGone(page, "Try again");
      const title = await page.getByRole("heading", { level: 1 }).textContent();
      assert.equal(await focused(page), title);
      assert.deepEqual(faults(), []);
      await close();
    });
  }

  test("when a retry works inside a dialog, which keeps the focus", async () => {
    const { page, faults, close } = await open("/deliveries", [REFUSED]);
    const path = "**/api/deliveries/replay";
    await page.route(path, (route) => route.fulfill({ status: REFUSED }));
    await pressEnterOn(page, "Replay…");
    await page.getByText("The dry run could not be loaded").waitFor();
    await page.unroute(path);
    await pressEnterOn(page, "Try again");
    await isGone(page, "Try again");
    await focused(page);
    assert.ok(await page.evaluate("document.activeElement.closest('[role=dialog]') !== null"));
    assert.deepEqual(faults(), []);
    await close();
  });
});
