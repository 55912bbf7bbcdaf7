import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import type { Browser } from "playwright-core";
import { ApiClient, OWNER } from "../support/api-client.ts";
import { browserMissing, launchBrowser, openPage, save as saveForm, until } from "../support/browser.ts";
import { signInViewer, startOwnedServer } from "../support/dashboard.ts";
import { pageViolations } from "../support/page-violations.ts";
import type { RunningServer } from "../support/server.ts";

describe("the workspace's settings", { skip: browserMissing }, () => {
  let browser: Browser;
  let server: RunningServer;
  let owner: ApiClient;
  before(async () => {
    let owned: Awaited<ReturnType<typeof startOwnedServer>>;
    [browser, owned] = await Promise.all([launchBrowser(), startOwnedServer()]);
    ({ server, owner } = owned);
  });
  after(() => Promise.all([browser.close(), server.stop()]));
  beforeEach(async () => {
    const retention = { payload_days: null, status_days: null };
    const reset = await owner.patch("/api/workspace", { name: "Workspace", retention });
    assert.equal(reset.status, 200, reset.text);
  });

  const read = async () => (await owner.get("/api/workspace")).body.data;
  const open = async (expectedStatuses: number[] = [], client = owner) => {
    const watched = await openPage(browser, { url: server.url, cookie: client.cookie, expectedStatuses });
    await watched.page.goto("/settings");
    await watched.page.getByLabel("Days payloads are kept").waitFor();
    return watched;
  };

  test("open from the sidebar, by shortcut and from the palette", async () => {
    const { page, faults } = await openPage(browser, { url: server.url, cookie: owner.cookie });
    await page.goto("/integrations");
    await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Settings" }).click();
    await page.getByRole("heading", { name: "Settings", level: 1 }).waitFor();
    await page.keyboard.press("g");
    await page.keyboard.press("i");
    await page.getByRole("heading", { name: "Integrations", level: 1 }).waitFor();
    await page.keyboard.press("g");
    await page.keyboard.press("s");
    await page.waitForURL("**/settings");
    await until(page, "document.activeElement?.tagName === 'H1'");
    await page.keyboard.press("Control+k");
    await page.getByRole("combobox").fill("syst");
    await page.getByRole("option", { name: /System/ }).waitFor();
    await page.keyboard.press("Enter");
    await page.waitForURL("**/settings/system");
    assert.deepEqual(faults(), []);
  });

  test("save a name by keyboard alone, and say so", async () => {
    const { page, faults } = await open();
    const save = page.getByRole("button", { name: "Save changes" });
    assert.equal(await save.getAttribute("aria-disabled"), "true");
    await page.getByLabel("Name", { exact: true }).focus();
    await page.keyboard.press("Control+a");
    await page.keyboard.type("Acme");
    await page.keyboard.press("Enter");
    await page.getByText("Saved.", { exact: true }).waitFor();
    assert.equal((await read()).name, "Acme");
    await page.getByRole("button", { name: "Save changes", disabled: true }).waitFor();
    await save.focus();
    await page.getByRole("tooltip", { name: "No changes to save." }).waitFor();
    assert.deepEqual(faults(), []);
  });

  test("ask before a shorter retention deletes data, and lists show the retention in effect", async () => {
    const { page, faults } = await open();
    await page.getByLabel("Days payloads are kept").fill("7");
    await page.getByLabel("Days statuses are kept").fill("14");
    const save = page.getByRole("button", { name: "Save changes" });
    await save.click();
    const dialog = page.getByRole("alertdialog", { name: "Keep events for a shorter time?" });
    assert.match(
      (await dialog.textContent()) ?? "",
      /payloads and attempts of events accepted more than 7 days ago, and all events accepted more than 14 days ago/,
    );
    assert.deepEqual(await pageViolations(page), []);
    await dialog.getByRole("button", { name: "Cancel" }).click();
    assert.deepEqual((await read()).retention, { payload_days: null, status_days: null });
    assert.equal(await page.getByLabel("Days payloads are kept").inputValue(), "7", "what was typed stays");
    await until(page, "document.activeElement !== document.body");

    await save.click();
    await dialog.getByRole("button", { name: "Delete and save" }).click();
    await page.getByText("Saved.", { exact: true }).waitFor();
    assert.deepEqual((await read()).retention, { payload_days: 7, status_days: 14 });
    await page.getByRole("link", { name: "Deliveries" }).click();
    await page.getByText("Kept for 14 days, payloads for 7 days.").waitFor();

    await page.getByRole("link", { name: "Settings" }).click();
    await page.getByLabel("Days payloads are kept").fill("");
    await save.click();
    await page
      .getByText("Statuses are kept at least as long as payloads, which are kept for 30 days.")
      .waitFor();
    await page.getByLabel("Days statuses are kept").fill("");
    await saveForm(page);
    assert.deepEqual((await read()).retention, { payload_days: null, status_days: null });
    assert.deepEqual(faults(), []);
  });

  test("refuse a longer retention than the instance's, and focus the invalid field", async () => {
    const { page, faults } = await open();
    await page.getByLabel("Name", { exact: true }).fill(" ");
    await page.getByLabel("Days payloads are kept").fill("many");
    await page.getByRole("button", { name: "Save changes" }).click();
    await page.getByText("Enter a name.").waitFor();
    await page.getByText("Enter a whole number of days, or leave it empty.").waitFor();
    await until(page, "document.activeElement?.name === 'name'");
    await page.getByLabel("Name", { exact: true }).fill("Acme");
    await page.getByLabel("Days payloads are kept").fill("31");
    await page.getByRole("button", { name: "Save changes" }).click();
    await page.getByText("Must be from 1 to 30 days: this instance keeps no longer.").waitFor();
    await until(page, "document.activeElement?.name === 'payload_days'");
    assert.equal((await read()).name, "Workspace");
    assert.deepEqual(faults(), []);
  });

  test("do not overwrite changes that someone else saved in the meantime", async () => {
    const { page, faults } = await open([412]);
    await page.getByLabel("Name", { exact: true }).fill("Mine");
    const other = new ApiClient(server.url);
    await other.post("/api/session", { email: OWNER.email, password: OWNER.password });
    await other.patch("/api/workspace", { name: "Theirs" });
    await page.getByRole("button", { name: "Save changes" }).click();
    await page.getByText(/^Changed by you, in another place just now\./).waitFor();
    assert.deepEqual(await pageViolations(page), []);
    assert.equal((await read()).name, "Theirs");
    assert.equal(await page.getByLabel("Name", { exact: true }).inputValue(), "Mine");
    await page.getByRole("button", { name: "Reload" }).click();
    await until(page, "document.querySelector('input[name=name]').value === 'Theirs'");
    await page.getByLabel("Name", { exact: true }).fill("Ours");
    await page.getByRole("button", { name: "Save changes" }).click();
    await page.getByText("Saved.", { exact: true }).waitFor();
    assert.equal((await read()).name, "Ours");
    assert.deepEqual(faults(), []);
  });

  test("warn before unsaved changes are discarded", async () => {
    const { page, faults } = await open();
    await page.getByLabel("Name", { exact: true }).fill("Half typed");
    await page.getByRole("link", { name: "Account" }).click();
    await page.getByText("Your changes to Workspace are lost.").waitFor();
    await page.getByRole("button", { name: "Keep editing" }).click();
    assert.equal(await page.getByLabel("Name", { exact: true }).inputValue(), "Half typed");
    await page.getByRole("link", { name: "Account" }).click();
    await page.getByRole("button", { name: "Leave", exact: true }).click();
    await page.waitForURL("**/settings/account");
    assert.deepEqual(faults(), []);
  });

  test("are read-only for a viewer, at both widths", async () => {
    const viewer = await signInViewer(server);
    const { page, faults } = await open([], viewer);
    for (const width of [1280, 375]) {
      await page.setViewportSize({ width, height: 800 });
      assert.deepEqual(await pageViolations(page), []);
    }
    for (const label of ["Name", "Days payloads are kept", "Days statuses are kept"]) {
      assert.ok(!(await page.getByLabel(label, { exact: true }).isEditable()), label);
    }
    assert.deepEqual(faults(), []);
  });
});
