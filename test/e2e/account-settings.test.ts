import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { ApiClient } from "../support/api-client.ts";
import { browserMissing, launchBrowser, openPage, until } from "../support/browser.ts";
import { startOwnedServer } from "../support/dashboard.ts";
import { pageViolations } from "../support/page-violations.ts";
import { type RunningServer, runCommand } from "../support/server.ts";
import { holdFrames } from "./hold-frames.ts";

const FIRST = "the first pass phrase of all";
const SECOND = "a second pass phrase, Xq7-marked";
const WRONG = "a wrong pass phrase, Zt4-marked";

describe("the account page", { skip: browserMissing }, () => {
  let browser: Browser;
  let server: RunningServer;
  let owner: ApiClient;
  before(async () => {
    let owned: Awaited<ReturnType<typeof startOwnedServer>>;
    [browser, owned] = await Promise.all([launchBrowser(), startOwnedServer()]);
    ({ server, owner } = owned);
  });
  after(() => Promise.all([browser.close(), server.stop()]));

  let people = 0;
  /** All roles can do what is tested here, so the tests use the lowest role. */
  const makeViewer = async () => {
    people += 1;
    const email = `viewer-${people}@example.com`;
    const created = await runCommand(
      ["users", "create", "--email", email, "--name", "Vera", "--role", "viewer"],
      { OPENSEND_DATA_DIR: server.dataDir, OPENSEND_PASSWORD: FIRST },
    );
    assert.equal(created.code, 0, created.stderr);
    return email;
  };
  const signIn = async (email: string, password: string, userAgent = "curl/8.9.1") => {
    const client = new ApiClient(server.url);
    const { status } = await client.post("/api/session", { email, password }, { "user-agent": userAgent });
    return { client, status };
  };
  const open = async (client: ApiClient, expectedStatuses: number[] = []) => {
    const watched = await openPage(browser, {
      url: server.url,
      cookie: client.cookie,
      expectedStatuses,
      recordsTraces: true,
    });
    await watched.page.goto("/settings/account");
    await watched.page.getByText("This one", { exact: true }).waitFor();
    return watched;
  };

  test("opens from the account menu, also in the phone's drawer, and closes the menu", async () => {
    for (const width of [1280, 375] as const) {
      const { page, faults, close } = await openPage(browser, {
        url: server.url,
        cookie: owner.cookie,
        width,
      });
      await page.goto("/api-keys");
      await page.getByRole("heading", { name: "API keys", level: 1 }).waitFor();
      if (width === 375) await page.getByRole("button", { name: "Open menu" }).click();
      const trigger = page.getByRole("button", { name: /Account menu/ }).last();
      await trigger.focus();
      await page.keyboard.press("Enter");
      await page.getByRole("menuitem", { name: "Account" }).press("Enter");
      await page.waitForURL("**/settings/account");
      await page.getByText("This one", { exact: true }).waitFor();
      assert.equal(await page.getByRole("dialog").count(), 0);
      await until(page, "document.activeElement !== document.body");
      assert.deepEqual(faults(), []);
      await close();
    }
  });

  test("saves a new name, which appears everywhere immediately", async () => {
    const email = await makeViewer();
    const { client } = await signIn(email, FIRST);
    const { page, faults } = await open(client);
    await page.getByText(`You sign in as ${email}.`).waitFor();
    await page.getByLabel("Name", { exact: true }).fill("Vera Novak");
    await page.keyboard.press("Enter");
    await page.getByText("Saved.", { exact: true }).waitFor();
    await page.getByRole("button", { name: /Vera Novak.*Account menu/ }).waitFor();
    await page.reload();
    assert.equal(await page.getByLabel("Name", { exact: true }).inputValue(), "Vera Novak");
    assert.deepEqual(faults(), []);
  });

  test("changes the password by keyboard alone, revokes the old one, and leaves neither in the page", async () => {
    const email = await makeViewer();
    const [{ client }, elsewhere] = [await signIn(email, FIRST), await signIn(email, FIRST)];
    const watched = await open(client, [422]);
    const { page } = watched;
    const current = page.getByLabel("Current password", { exact: true });
    const newPassword = page.getByLabel("New password", { exact: true });
    assert.deepEqual(await typesOf(page), ["password", "password"]);

    await current.focus();
    await page.keyboard.type(WRONG);
    await page.keyboard.press("Tab"); // the eye
    await page.keyboard.press("Tab");
    await page.keyboard.type(SECOND);
    await page.keyboard.press("Enter");
    await page.getByText("This is not your current password.").waitFor();
    await until(page, "document.activeElement?.name === 'current_password'");
    assert.equal(await current.inputValue(), "", "the wrong one is gone");
    assert.equal(await newPassword.inputValue(), SECOND, "the new one need not be typed again");
    assert.deepEqual(await pageViolations(page), []);
    assert.equal((await elsewhere.client.get("/api/session")).status, 200);

    await page.keyboard.type(FIRST);
    await page.getByRole("button", { name: "Show what was typed" }).last().click();
    await page.getByRole("button", { name: "Change password" }).focus();
    await page.keyboard.press("Enter");
    await page.getByText("Password changed. Your other sessions have ended.", { exact: true }).waitFor();
    assert.deepEqual([await current.inputValue(), await newPassword.inputValue()], ["", ""]);
    assert.deepEqual(await typesOf(page), ["password", "password"], "it is hidden again");
    await until(page, "document.querySelectorAll('main ul li').length === 1");
    await until(page, "document.activeElement?.textContent === 'Change password'");
    assert.equal((await elsewhere.client.get("/api/session")).status, 401);
    assert.equal((await signIn(email, FIRST)).status, 401);
    assert.equal((await signIn(email, SECOND)).status, 200);

    const held = await contentsOf(page);
    await page.getByRole("link", { name: "System" }).click();
    await page.getByRole("heading", { name: "Encryption key" }).waitFor();
    const audit = await owner.get("/api/audit-log");
    const all = [held, await contentsOf(page), await watched.traces(), audit.text, server.output()].join(
      "\n",
    );
    for (const secret of [FIRST, SECOND, WRONG]) {
      const at = all.indexOf(secret);
      assert.equal(at, -1, `found “${all.slice(Math.max(0, at - 80), at + 80)}”`);
    }
    assert.deepEqual(watched.faults(), []);
  });

  test("makes anyone who guesses the current password wait, with a countdown", async () => {
    const email = await makeViewer();
    const { client } = await signIn(email, FIRST);
    const { page, faults } = await open(client, [422, 429]);
    const current = page.getByLabel("Current password", { exact: true });
    await page.getByLabel("New password", { exact: true }).fill(SECOND);
    for (let tries = 0; tries < 10; tries += 1) {
      await current.fill(WRONG);
      await page.getByRole("button", { name: "Change password" }).click();
      await until(
        page,
        "document.querySelector('input[name=current_password]').value === '' || document.querySelector('[role=timer]')",
      );
      if (await page.getByRole("timer").isVisible()) break;
    }
    await page.getByText("Too many wrong passwords").waitFor();
    await page.getByRole("timer").waitFor();
    assert.equal(
      await page.getByRole("button", { name: "Change password" }).getAttribute("aria-disabled"),
      "true",
    );
    assert.deepEqual(await pageViolations(page), []);
    assert.deepEqual(faults(), []);
  });

  test("lists sessions, and ends one or all others after a confirmation", async () => {
    const email = await makeViewer();
    const { client } = await signIn(email, FIRST);
    const firefox = await signIn(email, FIRST, "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0");
    const others = [
      await signIn(email, FIRST, "Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36"),
      await signIn(email, FIRST),
    ];
    const { page, faults } = await open(client);
    assert.equal(await page.locator("main ul li").count(), 4);
    await page.getByRole("button", { name: "End Firefox on Linux" }).click();
    const dialog = page.getByRole("alertdialog");
    await dialog.getByRole("button", { name: "Keep it" }).click();
    assert.equal((await firefox.client.get("/api/session")).status, 200);
    await page.getByRole("button", { name: "End Firefox on Linux" }).click();
    await dialog.getByRole("button", { name: "End session" }).click();
    await page.getByText("The session has ended.", { exact: true }).waitFor();
    assert.equal((await firefox.client.get("/api/session")).status, 401);
    assert.equal((await others[0]?.client.get("/api/session"))?.status, 200);
    await until(page, "document.activeElement !== document.body");

    await page.getByRole("button", { name: "End all others" }).click();
    await dialog.getByRole("button", { name: "End all others" }).click();
    await page.getByText("All other sessions have ended.", { exact: true }).waitFor();
    for (const other of others) assert.equal((await other.client.get("/api/session")).status, 401);
    await until(page, "document.querySelectorAll('main ul li').length === 1");
    await dialog.waitFor({ state: "detached" });
    const end = page.getByRole("button", { name: "End all others" });
    assert.equal(await end.getAttribute("aria-disabled"), "true");
    // The heading is far up: refocusing the button scrolls to it, and its tooltip must still be shown.
    await page.getByRole("heading", { level: 1 }).focus();
    await end.focus();
    await page.getByRole("tooltip", { name: "You have no other sessions." }).waitFor();
    assert.deepEqual(faults(), []);
  });

  test("keeps the account menu item selected by keyboard, however late the next frame is", async () => {
    const { page, faults } = await open(owner);
    await page.getByRole("button", { name: /Account menu/ }).focus();
    const frames = await holdFrames(page);
    await page.keyboard.press("Enter");
    await until(page, "document.activeElement.role === 'menu'");
    for (const item of ["Light", "Dark"]) {
      await page.keyboard.press("ArrowDown");
      await until(page, `document.activeElement.textContent === '${item}'`);
    }
    await frames.letThrough();
    assert.equal(await page.evaluate("document.activeElement.textContent"), "Dark");
    assert.deepEqual(faults(), []);
  });

  test("sets theme and single-key shortcuts, also for the account menu and the help dialog", async () => {
    const { page, faults } = await open(owner);
    await page.getByRole("radio", { name: /^Dark/ }).check();
    assert.equal(await page.evaluate("document.documentElement.dataset.theme"), "dark");
    await page.getByRole("button", { name: /Account menu/ }).click();
    await page.getByRole("menuitemradio", { name: "Dark", checked: true }).waitFor();
    await page.getByRole("menuitemradio", { name: "Light" }).click();
    await page.keyboard.press("Escape");
    assert.ok(await page.getByRole("radio", { name: /^Light/ }).isChecked());
    await page.getByRole("radio", { name: /^System/ }).check();
    assert.equal(await page.evaluate("localStorage.getItem('theme')"), null);

    const keys = page.getByLabel("Single keys work in this browser");
    await keys.uncheck();
    await page.getByRole("heading", { level: 1 }).focus();
    await page.keyboard.press("?");
    await page.getByRole("button", { name: /Account menu/ }).click();
    await page.getByRole("menuitem", { name: "Keyboard shortcuts" }).click();
    const dialog = page.getByRole("dialog", { name: "Keyboard shortcuts" });
    assert.ok(!(await dialog.getByLabel("Single keys work in this browser").isChecked()));
    await dialog.getByLabel("Single keys work in this browser").check();
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    assert.ok(await keys.isChecked());
    assert.deepEqual(faults(), []);
  });

  test("warns before discarding half-typed passwords", async () => {
    const { page, faults } = await open(owner);
    await page.getByLabel("New password", { exact: true }).fill("half ty");
    await page.getByRole("link", { name: "System" }).click();
    await page.getByText("Your changes to your account are lost.").waitFor();
    await page.getByRole("button", { name: "Leave", exact: true }).click();
    await page.waitForURL("**/settings/system");
    assert.deepEqual(faults(), []);
  });
});

function typesOf(page: Page): Promise<string[]> {
  return page.evaluate("[...document.querySelectorAll('input[name$=_password]')].map((field) => field.type)");
}

const PAGE_CONTENTS = `[
  document.documentElement.outerHTML,
  ...[...document.querySelectorAll("input, textarea, select")].map((field) => field.value),
  JSON.stringify({ ...localStorage }),
  JSON.stringify({ ...sessionStorage }),
  location.href,
  JSON.stringify(history.state),
  ...performance.getEntriesByType("resource").map((entry) => entry.name),
].join("\\n")`;

/** Everything in a page that could leak a secret. */
async function contentsOf(page: Page): Promise<string> {
  return `${await page.evaluate<string>(PAGE_CONTENTS)}\n${JSON.stringify(await page.context().cookies())}`;
}
