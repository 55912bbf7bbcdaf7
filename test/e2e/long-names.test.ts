import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import type { ApiClient } from "../support/api-client.ts";
import { browserMissing, launchBrowser, openPage } from "../support/browser.ts";
import { connect, startOwnedServer } from "../support/dashboard.ts";
import { invite } from "../support/join.ts";
import { startTestReceiver, type TestReceiver } from "../support/receiver.ts";
import type { RunningServer } from "../support/server.ts";

/** Wide letters without a place to break a line. */
const unbroken = (letters: number) => "W".repeat(letters);
const NAME = unbroken(120);
/** The limit for people, keys and workspaces is shorter. */
const SHORT_NAME = unbroken(100);

/**
 * Elements cut off or scrolling sideways, except code, fields, screen reader text, and text that ends in an ellipsis.
 */
const CUT_OFF = `(() => {
  const isMeant = (one) => one.closest("pre, input, select, textarea, [role=tablist], .sr-only") !== null;
  const endsInEllipsis = (one) => one !== null &&
    (getComputedStyle(one).textOverflow === "ellipsis" || endsInEllipsis(one.parentElement));
  return [document.documentElement, ...document.querySelectorAll("body *")]
    .filter((one) => one.checkVisibility({ visibilityProperty: true }) && !isMeant(one) && !endsInEllipsis(one))
    .filter((one) => one.getBoundingClientRect().right > innerWidth + 1 ||
      (one.clientWidth > 1 && one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).overflowX !== "visible"))
    .map((one) => one.tagName + " " + one.className + ": " + one.textContent.slice(0, 20));
})()`;

describe("long names that cannot be wrapped between words", { skip: browserMissing }, () => {
  let browser: Browser;
  let server: RunningServer;
  let owner: ApiClient;
  let receiver: TestReceiver;
  let page: Page;
  let faults: () => readonly string[];
  let connectionId: string;
  let eventId: string;
  let deliveryId: string;
  let token: string;
  before(async () => {
    let owned: Awaited<ReturnType<typeof startOwnedServer>>;
    [browser, owned, receiver] = await Promise.all([
      launchBrowser(),
      startOwnedServer(),
      startTestReceiver(),
    ]);
    ({ server, owner } = owned);
    await owner.patch("/api/workspace", { name: SHORT_NAME });
    await owner.patch("/api/account", { name: SHORT_NAME });
    await owner.post("/api/api-keys", { name: SHORT_NAME, access: "full_access" });
    token = await invite(owner, `${unbroken(60)}@example.com`);
    connectionId = await connect(owner, {
      name: NAME,
      webhook_url: `${receiver.url}/hook`,
      signing_secret: "a-secret-of-the-receiver",
    });
    await connect(owner, { name: `${NAME}X`, webhook_url: `${receiver.url}/no`, event_types: ["other.*"] });
    const event = await owner.post("/api/events", { type: "order.paid", data: {} });
    eventId = event.body.data.id;
    deliveryId = (await owner.get("/api/deliveries")).body.data[0].id;
    ({ page, faults } = await openPage(browser, { url: server.url, cookie: owner.cookie, width: 375 }));
  });
  after(() => Promise.all([browser.close(), server.stop(), receiver.close()]));

  const assertWhole = async (where: string) => {
    assert.deepEqual(await page.evaluate<string[]>(CUT_OFF), [], where);
  };

  const PAGES: readonly (readonly [path: () => string, shown: string])[] = [
    [() => "/integrations", "Newest connection"],
    [() => "/integrations/webhook", "Endpoint"],
    [() => `/integrations/connections/${connectionId}`, "Recent deliveries"],
    [() => `/integrations/connections/${connectionId}/verify`, "Verify a request"],
    [() => `/integrations/connections/${connectionId}/settings`, "Event types"],
    [() => "/deliveries", "order.paid"],
    [() => `/deliveries/${deliveryId}`, "Attempt 1"],
    [() => "/events", "order.paid"],
    [() => `/events/${eventId}`, "Not delivered to"],
    [() => "/api-keys", "Created by"],
    [() => "/members", "Invited by"],
    [() => "/audit-log", "Connection connected"],
    [() => "/settings", "Retention"],
    [() => "/settings/account", "This one"],
    [() => `/invite#${token}`, "Join"],
  ];
  test("are shown in full on every page on a phone", async () => {
    const cut: Record<string, string[]> = {};
    for (const [path, shown] of PAGES) {
      await page.goto(path());
      await page.getByText(shown).last().waitFor();
      const found = await page.evaluate<string[]>(CUT_OFF);
      if (found.length > 0) cut[path()] = found;
    }
    assert.deepEqual(cut, {});
    assert.deepEqual(faults(), []);
  });

  test("are shown in full in confirmations and notifications", async () => {
    await page.goto(`/integrations/connections/${connectionId}/settings`);
    for (const name of ["Disconnect", "Remove secret"]) {
      await page.getByRole("button", { name }).click();
      await page.getByRole("alertdialog").getByText(NAME).waitFor();
      await assertWhole(name);
      await page.keyboard.press("Escape");
      await page.getByRole("alertdialog").waitFor({ state: "detached" });
    }
    await page.getByRole("button", { name: "Pause", exact: true }).click();
    await page.getByRole("button", { name: "Resume", exact: true }).click();
    await page.getByText(`Resumed. ${NAME} sends again.`, { exact: true }).waitFor();
    await assertWhole("the notification");
    await page.getByLabel("Description", { exact: true }).fill("Half typed");
    await page
      .getByRole("navigation", { name: "Connection" })
      .getByRole("link", { name: "Overview" })
      .click();
    await page.getByText(`Your changes to ${NAME} are lost.`).waitFor();
    await assertWhole("leaving");

    await page.goto("/api-keys");
    await page.getByRole("button", { name: `Revoke ${SHORT_NAME}` }).click();
    await page.getByRole("alertdialog").getByText(SHORT_NAME).waitFor();
    await assertWhole("revoking a key");
    assert.deepEqual(faults(), []);
  });

  test("are shown in full in the menus and the palette", async () => {
    await page.goto("/deliveries");
    await page.getByRole("button", { name: "Open menu" }).click();
    await page
      .getByRole("button", { name: /Workspace menu/ })
      .last()
      .click();
    await page.getByRole("menuitemradio", { name: SHORT_NAME }).waitFor();
    await assertWhole("the workspace menu");
    await page.getByRole("menuitem", { name: "Leave workspace" }).click();
    await page.getByRole("alertdialog").getByText(`Leave ${SHORT_NAME}?`).waitFor();
    await assertWhole("leaving the workspace");
    await page.keyboard.press("Escape");
    await page.getByRole("alertdialog").waitFor({ state: "detached" });

    await page.goto(`/deliveries?connection=${connectionId}`);
    await page.getByRole("button", { name: "Replay…" }).click();
    await page.getByRole("dialog").getByText(NAME).waitFor();
    await assertWhole("the replay's dialog");
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });

    await page.keyboard.press("Control+k");
    await page.getByPlaceholder("Type a name or paste an id").fill(NAME.slice(0, 20));
    await page.getByRole("option", { name: NAME }).first().waitFor();
    await assertWhole("the palette");
    assert.deepEqual(faults(), []);
  });
});
