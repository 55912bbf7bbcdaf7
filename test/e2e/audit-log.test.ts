import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import type { Browser } from "playwright-core";
import type { ApiClient } from "../support/api-client.ts";
import { browserMissing, launchBrowser, openPage, until } from "../support/browser.ts";
import { connect, signInViewer, startOwnedServer } from "../support/dashboard.ts";
import { pageViolations } from "../support/page-violations.ts";
import { startTestReceiver, type TestReceiver } from "../support/receiver.ts";
import type { RunningServer } from "../support/server.ts";

const EMPTY = { object: "list", data: [], has_more: false, next_cursor: null };

describe("the audit log", { skip: browserMissing }, () => {
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
    connectionId = await connect(owner, { name: "Orders <b>", webhook_url: `${receiver.url}/hook` });
    const path = `/api/integrations/connections/${connectionId}`;
    for (let round = 0; round < 26; round += 1) {
      await owner.post(`${path}/pause`);
      await owner.post(`${path}/resume`);
    }
    await owner.patch(path, { description: "For the warehouse" });
  });
  after(() => Promise.all([browser.close(), server.stop(), receiver.close()]));

  const open = async (path: string, width: 1280 | 375 = 1280, client = owner) => {
    const watched = await openPage(browser, { url: server.url, cookie: client.cookie, width });
    await watched.page.goto(path);
    await watched.page.getByRole("heading", { name: "Audit log", level: 1 }).waitFor();
    return watched;
  };
  const LIST = { name: "Audit entries, newest first" };

  for (const width of [1280, 375] as const) {
    test(`shows who did what to which object, when and from where, at ${width} px`, async () => {
      const { page, faults, close } = await open("/audit-log", width);
      const first = page.getByRole("table", LIST).getByRole("row").nth(1);
      await first.getByText("Connection updated").waitFor();
      const text = (await first.textContent()) ?? "";
      assert.match(
        text,
        /changed: description.*On ?Connection Orders <b>.*Who ?Ada.*From ?127\.0\.0\.1.*When ?just now/,
      );
      assert.deepEqual(await pageViolations(page), []);
      await first.getByRole("link", { name: "Ada" }).click();
      await page.waitForURL(/actor=/);
      assert.deepEqual(await pageViolations(page), []);
      await page.goto(`/audit-log?target=${connectionId}&from=2026-01-01T00:00:00.000Z`);
      await page.getByRole("button", { name: "Clear filters" }).waitFor();
      assert.deepEqual(await pageViolations(page), []);
      assert.deepEqual(faults(), []);
      await close();
    });

    test(`distinguishes an empty log from one without matches, at ${width} px`, async () => {
      const { page, faults, close } = await open("/audit-log?action=replay.*", width);
      await page.getByText("No matches", { exact: true }).waitFor();
      assert.deepEqual(await pageViolations(page), []);
      await page.getByRole("button", { name: "Clear filters" }).last().click();
      await page.getByRole("table", LIST).waitFor();
      assert.equal(new URL(page.url()).search, "");
      await page.route("**/api/audit-log?*", (route) => route.fulfill({ json: EMPTY }));
      await page.reload();
      await page.getByText("No entries yet").waitFor();
      assert.deepEqual(await pageViolations(page), []);
      assert.deepEqual(faults(), []);
      await close();
    });
  }

  test("is filtered by keyboard with all filters in the URL, and loads older entries", async () => {
    const { page, faults, close } = await open("/audit-log");
    await until(page, `${ROWS} === 50`);
    await page.getByRole("button", { name: "Load older" }).press("Enter");
    await until(page, `${ROWS} > 54`);
    await page.getByLabel("Action").focus();
    await page.keyboard.type("Connection paused");
    await page.waitForURL("**/audit-log?action=connection.paused");
    await until(page, `${ROWS} === 26`);
    await page.getByLabel("Target id").focus();
    await page.keyboard.type(connectionId);
    await page.keyboard.press("Enter");
    await page.waitForURL(`**/audit-log?action=connection.paused&target=${connectionId}`);
    await page.getByLabel("Who").focus();
    await page.keyboard.type("Command");
    await page.getByText("No matches", { exact: true }).waitFor();
    await page.goBack();
    await until(page, `${ROWS} === 26`);
    assert.deepEqual(faults(), []);
    await close();
  });

  test("exports the filtered entries, also for a viewer", async () => {
    const viewer = await signInViewer(server);
    const { page, faults, close } = await open("/audit-log?action=connection.paused", 1280, viewer);
    await until(page, `${ROWS} === 26`);
    const coming = page.waitForEvent("download");
    await page.getByRole("link", { name: "Export CSV" }).press("Enter");
    const download = await coming;
    assert.match(download.suggestedFilename(), /^audit-log-\d{4}-\d\d-\d\d\.csv$/);
    const { text } = await owner.get("/api/audit-log/export?action=connection.paused");
    assert.equal(text.split("\r\n").length, 28);
    assert.equal(readFileSync(await download.path(), "utf8"), text);
    assert.deepEqual(faults(), []);
    await close();
  });

  test("opens from the navigation", async () => {
    const { page, faults, close } = await open("/audit-log");
    await page.goto("/integrations");
    await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Audit log" }).click();
    await page.getByRole("heading", { name: "Audit log", level: 1 }).waitFor();
    assert.deepEqual(faults(), []);
    await close();
  });
});

const ROWS = "document.querySelectorAll('main tbody tr').length";
