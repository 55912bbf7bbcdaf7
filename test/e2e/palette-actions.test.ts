import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { ApiClient, OWNER } from "../support/api-client.ts";
import { browserMissing, launchBrowser, openPage, until } from "../support/browser.ts";
import { connect, signInViewer, startOwnedServer } from "../support/dashboard.ts";
import { pageViolations } from "../support/page-violations.ts";
import { startTestReceiver, type TestReceiver } from "../support/receiver.ts";
import type { RunningServer } from "../support/server.ts";

const REASON = "Viewers can look but not change. Ask an owner or admin.";
const IN_DIALOG = "document.activeElement.closest('[role=dialog]') !== null";
const NOT_ON_BODY = "document.activeElement !== document.body";

/** The text typed in the palette, and the page and dialog it opens. */
const DIALOGS = [
  { typed: "create api", action: "Create API key", path: "/api-keys", dialog: "Create API key" },
  { typed: "send event", action: "Send event", path: "/events", dialog: "Send event" },
  { typed: "replay del", action: "Replay deliveries", path: "/deliveries", dialog: "Replay deliveries" },
] as const;

describe("a palette action", { skip: browserMissing }, () => {
  let browser: Browser;
  let server: RunningServer;
  let owner: ApiClient;
  let viewer: ApiClient;
  let receiver: TestReceiver;
  let id: string;
  before(async () => {
    let owned: Awaited<ReturnType<typeof startOwnedServer>>;
    [browser, owned, receiver] = await Promise.all([
      launchBrowser(),
      startOwnedServer(),
      startTestReceiver(),
    ]);
    ({ server, owner } = owned);
    viewer = await signInViewer(server);
    id = await connect(owner, { name: "Orders", webhook_url: `${receiver.url}/hook` });
  });
  after(() => Promise.all([browser.close(), server.stop(), receiver.close()]));

  const open = async (client: ApiClient, path: string) => {
    const watched = await openPage(browser, { url: server.url, cookie: client.cookie });
    await watched.page.goto(path);
    await watched.page.getByRole("heading", { level: 1 }).waitFor();
    return watched;
  };
  const type = async (page: Page, typed: string, action: string) => {
    await page.keyboard.press("Control+k");
    await page.getByRole("dialog").getByRole("combobox").fill(typed);
    const option = page.getByRole("option", { name: new RegExp(`^${action}`) });
    await option.waitFor();
    return option;
  };

  test("applies to the chosen connection if two have the same name", async () => {
    const name = "Zapier catch hook";
    const first = await connect(owner, { name, webhook_url: `${receiver.url}/one/first` });
    const second = await connect(owner, { name, webhook_url: `${receiver.url}/two/second` });
    const { page, faults } = await open(owner, "/events");
    await page.keyboard.press("Control+k");
    await page.getByRole("dialog").getByRole("combobox").fill("test zapier");
    const selected = page.getByRole("option", { selected: true });
    const before = receiver.received.length;
    // Both are listed, the newest first, and differ by their URL.
    for (const path of ["one", "two"]) {
      await page
        .getByRole("option", { name: new RegExp(`^Send test event to ${name}.*/${path}/…`) })
        .waitFor();
    }
    while (!((await selected.textContent()) ?? "").match(/^Send test.*\/one\//)) {
      await page.keyboard.press("ArrowDown");
      assert.equal(await selected.count(), 1);
    }
    await page.keyboard.press("Enter");
    await page.waitForURL(`**/integrations/connections/${first}`);
    await until(page, NOT_ON_BODY);
    await page
      .getByText(/200 OK in/)
      .first()
      .waitFor();
    assert.deepEqual(
      receiver.received.slice(before).map(({ path }) => path),
      ["/one/first"],
    );
    for (const one of [first, second]) await owner.delete(`/api/integrations/connections/${one}`);
    assert.deepEqual(faults(), []);
  });

  test("leaves focus on the page it opens, also when that page is already open", async () => {
    const { page, faults } = await open(owner, `/integrations/connections/${id}`);
    await type(page, "test orders", "Send test event to Orders");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await until(page, "document.activeElement.tagName === 'H1'");
    await page.keyboard.press("Control+k");
    await page.getByRole("dialog").getByRole("combobox").fill("orders");
    await page.getByRole("option", { name: /^Orders/ }).waitFor();
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await until(page, "document.activeElement.tagName === 'H1'");
    assert.deepEqual(faults(), []);
  });

  test("sends only the host of a pasted URL to the server", async () => {
    const { page, faults } = await open(owner, "/events");
    const requests: string[] = [];
    page.on("request", (request) => requests.push(request.url()));
    await page.keyboard.press("Control+k");
    const url = "https://hooks.zapier.com/hooks/catch/123/s3cr3ttoken";
    await page.getByRole("dialog").getByRole("combobox").fill(url);
    await page.getByText("Nothing found.").waitFor();
    assert.ok(requests.some((one) => one.includes("q=hooks.zapier.com")));
    assert.ok(!requests.some((one) => one.includes("s3cr3ttoken")));
    assert.deepEqual(faults(), []);
  });

  test("is listed next to the pages before anything is typed", async () => {
    const { page, faults } = await open(owner, "/events");
    await page.keyboard.press("Control+k");
    for (const name of ["Integrations page", "Create API key action", "Sign out action"]) {
      await page.getByRole("option", { name, exact: true }).waitFor();
    }
    assert.deepEqual(await pageViolations(page), []);
    assert.deepEqual(faults(), []);
  });

  for (const { typed, action, path, dialog } of DIALOGS) {
    test(`opens “${dialog}”from another page and on its own, and leaves focus on the page`, async () => {
      for (const from of ["/audit-log", path]) {
        const { page, faults, close } = await open(owner, from);
        await type(page, typed, action);
        await page.keyboard.press("Enter");
        await page.waitForURL(`**${path}`);
        const opened = page.getByRole("dialog", { name: dialog });
        await opened.waitFor();
        await until(page, IN_DIALOG);
        await page.reload();
        await opened.waitFor();
        await until(page, IN_DIALOG);
        await page.keyboard.press("Escape");
        await opened.waitFor({ state: "detached" });
        await until(page, NOT_ON_BODY);
        await page.reload();
        await page.getByRole("heading", { level: 1 }).waitFor();
        assert.equal(await opened.count(), 0, "closed is closed");
        assert.deepEqual(faults(), []);
        await close();
      }
    });
  }

  test("opens the connect form with focus inside, and Cancel closes it", async () => {
    const { page, faults } = await open(owner, "/events");
    await type(page, "connect another", "Connect another");
    await page.keyboard.press("Enter");
    await page.getByLabel("Webhook URL").waitFor();
    await until(page, "document.activeElement.labels?.[0]?.textContent === 'Webhook URL'");
    await page.getByRole("button", { name: "Cancel" }).click();
    await page.getByLabel("Webhook URL").waitFor({ state: "detached" });
    await until(page, NOT_ON_BODY);
    assert.deepEqual(faults(), []);
  });

  test("opens a connection's page and sends a test event", async () => {
    const { page, faults } = await open(owner, "/events");
    const option = await type(page, "send test event to ord", "Send test event to Orders");
    await option.click();
    await page.waitForURL(`**/integrations/connections/${id}`);
    await page.getByRole("region", { name: "Outcome" }).getByText("Delivered", { exact: true }).waitFor();
    assert.deepEqual(faults(), []);
  });

  test("switches the theme, shows the shortcuts, and restores focus", async () => {
    const { page, faults } = await open(owner, "/events");
    const field = page.getByLabel("Event type");
    await field.focus();
    await type(page, "theme", "Switch theme to dark");
    await page.keyboard.press("Enter");
    await until(page, "document.documentElement.dataset.theme === 'dark'");
    await until(page, "document.activeElement.getAttribute('aria-label') === 'Event type'");
    await type(page, "keyboard", "Keyboard shortcuts");
    await page.keyboard.press("Enter");
    await page.getByRole("dialog", { name: "Keyboard shortcuts" }).waitFor();
    await page.keyboard.press("Escape");
    await until(page, "document.activeElement.getAttribute('aria-label') === 'Event type'");
    assert.deepEqual(faults(), []);
  });

  test("is disabled for a viewer, with the reason", async () => {
    const { page, faults } = await open(viewer, "/audit-log");
    const methods: string[] = [];
    page.on("request", (request) => methods.push(request.method()));
    await page.keyboard.press("Control+k");
    for (const action of ["Create API key", "Connect another", "Replay deliveries"]) {
      const option = page.getByRole("option", { name: new RegExp(`^${action}`) });
      await option.waitFor();
      assert.equal(await option.getAttribute("aria-disabled"), "true");
      assert.match((await option.textContent()) ?? "", new RegExp(REASON));
      await option.click({ force: true });
    }
    await page.getByRole("dialog").getByRole("combobox").fill("orders");
    const send = page.getByRole("option", { name: /^Send test event to Orders/ });
    await send.waitFor();
    assert.match((await send.textContent()) ?? "", new RegExp(REASON));
    await send.click({ force: true });
    assert.ok(await page.getByRole("dialog", { name: "Search" }).isVisible());
    assert.ok(methods.every((method) => method === "GET"));
    assert.deepEqual(await pageViolations(page), []);
    assert.deepEqual(faults(), []);
  });

  test("signs out", async () => {
    const { page } = await open(await secondSession(), "/events");
    await type(page, "sign out", "Sign out");
    await page.keyboard.press("Enter");
    await page.waitForURL("**/sign-in");
    await until(page, NOT_ON_BODY);
  });

  /** Signing out ends this session, while the other tests still need theirs. */
  async function secondSession(): Promise<ApiClient> {
    const client = new ApiClient(server.url);
    const { email, password } = OWNER;
    assert.equal((await client.post("/api/session", { email, password })).status, 200);
    return client;
  }
});
