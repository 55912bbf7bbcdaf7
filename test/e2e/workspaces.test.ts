import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import type { ApiClient } from "../support/api-client.ts";
import { browserMissing, launchBrowser, openPage, until } from "../support/browser.ts";
import { connect, startOwnedServer } from "../support/dashboard.ts";
import { invite, joinAs } from "../support/join.ts";
import type { RunningServer } from "../support/server.ts";
import { holdResponses } from "./hold-responses.ts";

const HOOK = "https://hooks.zapier.com/hooks/catch/123/abc";

describe("workspaces", { skip: browserMissing }, () => {
  let browser: Browser;
  let server: RunningServer;
  let owner: ApiClient;
  before(async () => {
    let owned: Awaited<ReturnType<typeof startOwnedServer>>;
    [browser, owned] = await Promise.all([launchBrowser(), startOwnedServer()]);
    ({ server, owner } = owned);
  });
  after(() => Promise.all([browser.close(), server.stop()]));

  const open = async (client: ApiClient, path: string, expectedStatuses: readonly number[] = []) => {
    const watched = await openPage(browser, { url: server.url, cookie: client.cookie, expectedStatuses });
    await watched.page.goto(path);
    await watched.page.getByRole("heading", { level: 1 }).waitFor();
    return watched;
  };
  const menu = (page: Page) => page.getByRole("button", { name: /Workspace menu/ });
  const shows = async (page: Page, name: string) => {
    await page.getByRole("button", { name: new RegExp(`^${name} ?Workspace menu`) }).waitFor();
    await page.getByRole("heading", { name: "Overview", level: 1 }).waitFor();
    assert.equal(await page.evaluate("location.pathname"), "/");
  };

  test("are created, switched by keyboard and left, and share no data", async () => {
    const { client } = await joinAs(owner, "admin", "Wanda");
    await connect(client, { webhook_url: HOOK, name: "Of the first" });
    const { page, faults, close } = await open(client, "/integrations/webhook");
    await page.getByText("Of the first").first().waitFor();
    await menu(page).click();
    await page.getByRole("menuitem", { name: "New workspace" }).click();
    const dialog = page.getByRole("dialog", { name: "New workspace" });
    await dialog.getByRole("button", { name: "Create workspace" }).click();
    await dialog.getByText("Enter a name.").waitFor();
    await dialog.getByLabel("Name").fill("Staging");
    await page.keyboard.press("Enter");
    await shows(page, "Staging");
    await page.goto("/integrations/webhook");
    await page.getByLabel("Webhook URL").waitFor();
    assert.equal(await page.getByText("Of the first").count(), 0);

    await menu(page).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("menuitemradio", { name: "Workspace", exact: true }).waitFor();
    assert.equal(
      await page.getByRole("menuitemradio", { name: "Staging" }).getAttribute("aria-checked"),
      "true",
    );
    await until(page, `document.activeElement?.getAttribute("role") === "menuitemradio"`);
    await page.getByRole("menuitemradio", { name: "Workspace", exact: true }).focus();
    await page.keyboard.press("Enter");
    await shows(page, "Workspace");
    await until(page, `document.activeElement?.tagName === "H1"`);
    await page.goto("/integrations/webhook");
    await page.getByText("Of the first").first().waitFor();

    await menu(page).click();
    await page.getByRole("menuitem", { name: "Leave workspace" }).click();
    const question = page.getByRole("alertdialog");
    await question.getByRole("button", { name: "Stay" }).click();
    await question.waitFor({ state: "detached" });
    await until(page, `document.activeElement?.textContent?.includes("Workspace menu")`);
    await menu(page).click();
    await page.getByRole("menuitem", { name: "Leave workspace" }).click();
    await question.getByRole("button", { name: "Leave workspace" }).click();
    await shows(page, "Staging");
    assert.deepEqual(faults(), []);
    await close();
  });

  test("do not let their last owner leave, and say why", async () => {
    const { page, faults, close } = await open(owner, "/api-keys", [409]);
    await menu(page).click();
    await page.getByRole("menuitem", { name: "Leave workspace" }).click();
    const question = page.getByRole("alertdialog");
    await question.getByText("This is your only workspace").waitFor();
    await question.getByRole("button", { name: "Leave workspace" }).click();
    await question.getByRole("alert").getByText("This is the last owner").waitFor();
    await question.getByRole("button", { name: "Stay" }).click();
    await page.getByRole("heading", { name: "API keys", level: 1 }).waitFor();
    assert.deepEqual(faults(), []);
    await close();
  });

  test("sign out a person who leaves their only workspace", async () => {
    const { client } = await joinAs(owner, "viewer", "Leaver");
    const { page, faults, close } = await open(client, "/members", [401]);
    await page.getByRole("button", { name: "Leave", exact: true }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Leave workspace" }).click();
    await page.waitForURL("**/sign-in**");
    assert.deepEqual(faults(), []);
    await close();
  });

  test("get no requests from a page that is switching to another workspace", async () => {
    const { client } = await joinAs(owner, "admin", "Hasty");
    await client.post("/api/workspaces", { name: "Next" });
    await connect(client, { webhook_url: HOOK });
    const { page, faults, close } = await open(client, "/api-keys");
    const switching = await holdResponses(page, "POST", "**/api/workspaces/*/switch");
    await page.route("**/api/statistics?*", async (route) => {
      await switching.handled;
      await route.continue().catch(() => {}); // the page may have aborted it
    });
    await menu(page).click();
    await page.getByRole("menuitemradio", { name: "Workspace", exact: true }).click();
    await switching.handled;
    await page.waitForTimeout(300); // by now the page's requests would be refused
    switching.release();
    await shows(page, "Workspace");
    assert.deepEqual(faults(), []);
    await close();
  });

  test("are switched in the browser's other tabs too", async () => {
    const { client } = await joinAs(owner, "admin", "Tabea");
    await client.post("/api/workspaces", { name: "Two" });
    const watched = await open(client, "/");
    const { page, context, faults, close } = watched;
    await shows(page, "Two");
    const second = await context.newPage();
    await second.goto("/api-keys");
    await second.getByRole("heading", { name: "API keys", level: 1 }).waitFor();
    await menu(page).click();
    await page.getByRole("menuitemradio", { name: "Workspace", exact: true }).click();
    await shows(page, "Workspace");
    await shows(second, "Workspace");
    assert.deepEqual(faults(), []);
    await close();
  });

  test("get no changes from a page that shows another workspace", async () => {
    const { client, memberId } = await joinAs(owner, "admin", "Moved");
    const other = (await joinAs(owner, "admin", "Host")).client;
    await other.post("/api/workspaces", { name: "Refuge" });
    const email = (await client.get("/api/session")).body.data.user.email;
    const home = (await client.get("/api/session")).body.data.workspace.id;
    const token = await invite(other, email, "admin");
    await client.post("/api/invitations/accept", { token });
    await client.post(`/api/workspaces/${home}/switch`);
    const { page, faults, close } = await open(client, "/api-keys", [409]);
    await page.getByRole("button", { name: "Create key" }).click();
    await page.getByLabel("Name", { exact: true }).fill("Meant for the first");
    await owner.delete(`/api/members/${memberId}`);
    await page.getByRole("dialog").getByRole("button", { name: "Create key" }).click();
    await shows(page, "Refuge");
    assert.deepEqual((await other.get("/api/api-keys")).body.data, []);
    assert.deepEqual(faults(), []);
    await close();
  });

  test("ask about unsaved changes before switching", async () => {
    const { client } = await joinAs(owner, "admin", "Careful");
    await client.post("/api/workspaces", { name: "Drafts" });
    const id = await connect(client, { webhook_url: HOOK, name: "Edited" });
    const { page, faults, close } = await open(client, `/integrations/connections/${id}/settings`);
    await page.getByLabel("Name", { exact: true }).fill("Half an edit");
    await menu(page).click();
    await page.getByRole("menuitemradio", { name: "Workspace", exact: true }).click();
    const question = page.getByRole("alertdialog");
    await question.getByRole("button", { name: "Keep editing" }).click();
    await question.waitFor({ state: "detached" });
    assert.equal(await page.getByLabel("Name", { exact: true }).inputValue(), "Half an edit");
    assert.equal((await client.get("/api/session")).body.data.workspace.name, "Drafts");
    await menu(page).click();
    await page.getByRole("menuitemradio", { name: "Workspace", exact: true }).click();
    await question.getByRole("button", { name: "Leave" }).click();
    await shows(page, "Workspace");
    assert.deepEqual(faults(), []);
    await close();
  });
});
