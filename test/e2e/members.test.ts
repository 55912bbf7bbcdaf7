import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { type ApiClient, OWNER } from "../support/api-client.ts";
import { browserMissing, launchBrowser, openPage, until } from "../support/browser.ts";
import { startOwnedServer } from "../support/dashboard.ts";
import { invite, JOINERS_PASSWORD, joinAs } from "../support/join.ts";
import type { RunningServer } from "../support/server.ts";

const VIEWER_REASON = "Viewers can look but not change. Ask an owner or admin.";

describe("members", { skip: browserMissing }, () => {
  let browser: Browser;
  let server: RunningServer;
  let owner: ApiClient;
  before(async () => {
    let owned: Awaited<ReturnType<typeof startOwnedServer>>;
    [browser, owned] = await Promise.all([launchBrowser(), startOwnedServer({ LOG_LEVEL: "trace" })]);
    ({ server, owner } = owned);
  });
  after(() => Promise.all([browser.close(), server.stop()]));

  const open = async (client: ApiClient | null, path: string, expectedStatuses: readonly number[] = []) => {
    const watched = await openPage(browser, {
      url: server.url,
      cookie: client?.cookie ?? null,
      expectedStatuses,
    });
    await watched.page.goto(path);
    await watched.page.getByRole("heading", { level: 1 }).waitFor();
    return watched;
  };
  const rowOf = (page: Page, name: string) => page.getByRole("row").filter({ hasText: name });

  test("are invited by a link shown once, join in another browser, change roles and are removed", async () => {
    const own = await open(owner, "/members");
    const { page } = own;
    await page.getByText("No pending invitations.").waitFor();
    await page.getByRole("button", { name: "Invite" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Email").fill("Grace@example.com");
    await dialog.getByRole("radio", { name: "Viewer" }).check();
    await dialog.getByRole("button", { name: "Create link" }).click();
    await dialog.getByRole("heading", { name: "Copy the invitation link" }).waitFor();
    const link = (await dialog.locator("code").first().textContent()) ?? "";
    const token = new URL(link).hash.slice(1);
    assert.equal(token.length, 43);
    await page.keyboard.press("Escape");
    assert.equal(await dialog.isVisible(), true, "it does not go away by chance");
    await dialog.getByRole("button", { name: "I have sent it" }).click();
    await dialog.waitFor({ state: "detached" });
    await page.getByRole("table", { name: "Pending invitations" }).getByText("grace@example.com").waitFor();
    const held = `document.documentElement.outerHTML + JSON.stringify({ ...localStorage, ...sessionStorage })`;
    assert.ok(!(await page.evaluate<string>(held)).includes(token), "nothing keeps the link");

    const joined = await open(null, link);
    await joined.page.getByRole("heading", { name: "Join Workspace" }).waitFor();
    assert.equal(await joined.page.evaluate("location.href"), `${server.url}/invite`);
    await joined.page.getByText("Ada invites you as a viewer").waitFor();
    await until(joined.page, `document.activeElement?.getAttribute("name") === "name"`);
    await joined.page.keyboard.type("Grace");
    await joined.page.keyboard.press("Tab");
    await joined.page.keyboard.type(JOINERS_PASSWORD);
    await joined.page.keyboard.press("Enter");
    await joined.page.getByRole("heading", { name: "Overview", level: 1 }).waitFor();
    assert.equal(await joined.page.evaluate("location.pathname"), "/");
    const joinedHeld = await joined.page.evaluate<string>(held);
    assert.ok(!joinedHeld.includes(token) && !joinedHeld.includes(JOINERS_PASSWORD));
    assert.ok(!(await joined.page.evaluate<string>("JSON.stringify(history.state)")).includes(token));
    assert.ok(!server.output().includes(token), "no request's URL had it, and no log line has");
    await joined.page.goto("/members");
    const invite = joined.page.getByRole("button", { name: "Invite" });
    assert.equal(await invite.getAttribute("aria-disabled"), "true");
    const joinedRow = rowOf(joined.page, "grace@example.com");
    await joinedRow.getByText("You", { exact: true }).waitFor();

    await page.reload();
    await page.getByText("No pending invitations.").waitFor();
    await page.getByLabel("Role of Grace").selectOption("admin");
    const question = page.getByRole("alertdialog");
    await question.getByText("Make Grace an admin?").waitFor();
    await question.getByRole("button", { name: "Make admin" }).click();
    await page.getByText("Grace is now an admin.", { exact: true }).waitFor();
    assert.equal(await page.getByLabel("Role of Grace").inputValue(), "admin");
    await joined.page.reload();
    await until(
      joined.page,
      `!document.querySelector("main button[aria-disabled]")?.textContent.includes("Invite")`,
    );
    const ofOwner = joined.page.getByLabel(`Role of ${OWNER.name}`);
    assert.equal(await ofOwner.getAttribute("aria-disabled"), "true");
    assert.equal(
      await describedBy(joined.page, `Role of ${OWNER.name}`),
      "Only an owner can change or remove an owner.",
    );
    assert.deepEqual(joined.faults(), []);
    await joined.close();

    const last = await describedBy(page, `Role of ${OWNER.name}`);
    assert.equal(last, "A workspace needs at least one owner. Make someone else an owner first.");
    const leave = page.getByRole("button", { name: "Leave", exact: true });
    assert.equal(await leave.getAttribute("aria-disabled"), "true");
    await page.getByRole("button", { name: "Remove Grace" }).click();
    await question.getByText("API keys they created stay valid").waitFor();
    await question.getByLabel("Revoke the API keys they created").check();
    await question.getByRole("button", { name: "Keep" }).click();
    await question.waitFor({ state: "detached" });
    await until(page, "document.activeElement !== document.body");
    await page.getByRole("button", { name: "Remove Grace" }).focus();
    await page.keyboard.press("Enter");
    const revoke = question.getByLabel("Revoke the API keys they created");
    assert.equal(await revoke.isChecked(), false, "nothing is left of the question before");
    await revoke.check();
    const sent = page.waitForRequest((request) => request.method() === "DELETE");
    await question.getByRole("button", { name: "Remove", exact: true }).click();
    assert.match((await sent).url(), /\?revoke_api_keys=true$/);
    await rowOf(page, "grace@example.com").waitFor({ state: "detached" });
    await until(page, "document.activeElement !== document.body");
    assert.deepEqual(own.faults(), []);
    await own.close();
  });

  test("lose access immediately when removed, and see why when they sign in", async () => {
    const { client, email, memberId } = await joinAs(owner, "admin", "Gone");
    const watched = await open(client, "/integrations", [401, 403]);
    const { page } = watched;
    await owner.delete(`/api/members/${memberId}`);
    await page.getByRole("link", { name: "API keys" }).click();
    await page.waitForURL("**/sign-in?next=%2Fapi-keys");
    await page.getByLabel("Email").fill(email);
    await page.getByLabel("Password", { exact: true }).fill(JOINERS_PASSWORD);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("alert").getByText("Your account belongs to no workspace any more.").waitFor();
    assert.deepEqual(watched.faults(), []);
    await watched.close();
  });

  test("see as viewers which actions are not allowed, with the reason", async () => {
    const { client } = await joinAs(owner, "viewer", "Vera");
    await joinAs(owner, "admin", "Alan");
    await invite(owner, "open@example.com");
    const { page, faults, close } = await open(client, "/members");
    await page.getByRole("button", { name: /Revoke the invitation/ }).waitFor();
    for (const name of ["Invite", "Remove Alan", "Revoke the invitation of open@example.com"]) {
      const button = page.getByRole("button", { name, exact: true });
      assert.equal(await button.getAttribute("aria-disabled"), "true", name);
      await button.click({ force: true });
    }
    assert.equal(await describedBy(page, "Role of Alan"), VIEWER_REASON);
    assert.equal(await describedBy(page, "Role of Vera"), VIEWER_REASON);
    assert.equal(
      await page.getByLabel("Role of Alan").locator("option").count(),
      1,
      "there is nothing to choose",
    );
    await page.getByLabel("Role of Alan").focus();
    await page.getByRole("tooltip", { name: VIEWER_REASON }).waitFor();
    assert.equal(await page.getByRole("dialog").or(page.getByRole("alertdialog")).count(), 0);
    assert.deepEqual(faults(), []);
    await close();
  });

  test("with an account join with its password, or with one click when signed in", async () => {
    const there = await joinAs(owner, "viewer", "Thea");
    const other = (await joinAs(owner, "admin", "Otto")).client;
    await other.post("/api/workspaces", { name: "Second" });
    const first = await invite(other, there.email, "admin");
    const outside = await open(null, `/invite#${first}`, [401]);
    await outside.page.getByText("There is an account with this email.").waitFor();
    assert.equal(await outside.page.getByLabel("Name").count(), 0);
    await outside.page.getByLabel("Password", { exact: true }).fill("not the right one");
    await outside.page.getByRole("button", { name: "Join" }).click();
    await outside.page.getByText("The password is wrong.").waitFor();
    assert.equal(await outside.page.getByLabel("Password", { exact: true }).inputValue(), "");
    await outside.page.getByLabel("Password", { exact: true }).fill(JOINERS_PASSWORD);
    await outside.page.getByRole("button", { name: "Join" }).click();
    await outside.page.getByRole("button", { name: /Second.*Workspace menu/ }).waitFor();
    assert.deepEqual(outside.faults(), []);
    await outside.close();

    await other.post("/api/workspaces", { name: "Third" });
    const second = await invite(other, there.email, "viewer");
    const signedIn = await open(there.client, `/invite#${second}`);
    await signedIn.page.getByText("You are signed in as Thea").waitFor();
    assert.equal(await signedIn.page.locator("input").count(), 0);
    await signedIn.page.getByRole("button", { name: "Join" }).press("Enter");
    await signedIn.page.getByRole("button", { name: /Third.*Workspace menu/ }).waitFor();
    assert.deepEqual(signedIn.faults(), []);
    await signedIn.close();
  });

  test("signed in as someone else see that, and can sign out and join", async () => {
    const other = (await joinAs(owner, "viewer", "Guest")).client;
    const token = await invite(owner, "fresh@example.com", "viewer");
    const { page, faults, close } = await open(other, `/invite#${token}`);
    await page.getByText("This invitation is for fresh@example.com.").waitFor();
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByLabel("Name").fill("Fresh");
    await page.getByLabel("Password", { exact: true }).fill(JOINERS_PASSWORD);
    await page.getByRole("button", { name: "Join" }).click();
    await page.getByRole("button", { name: /Fresh.*Account menu/ }).waitFor();
    assert.deepEqual(faults(), []);
    await close();
  });

  test("with a used link see what to do, and can open another link in the same tab", async () => {
    const token = await invite(owner, "second-try@example.com", "viewer");
    const { page, faults, close } = await open(null, "/invite#spent", [404]);
    await page.getByText("This invitation is not valid").waitFor();
    await page.getByText("Ask the person who invited you for a new link.").waitFor();
    await page.evaluate(`location.hash = ${JSON.stringify(token)}`);
    await page.getByRole("heading", { name: "Join Workspace" }).waitFor();
    assert.equal(await page.evaluate("location.href"), `${server.url}/invite`);
    assert.deepEqual(faults(), []);
    await close();
  });

  test("open by keyboard: g m, and the palette", async () => {
    const { page, faults, close } = await open(owner, "/integrations");
    await page.keyboard.press("g");
    await page.keyboard.press("m");
    await page.waitForURL("**/members");
    await page.getByRole("heading", { name: "Members", level: 1 }).waitFor();
    await page.getByRole("link", { name: "Events" }).click();
    await page.waitForURL("**/events");
    await page.keyboard.press("ControlOrMeta+k");
    await page.getByPlaceholder("Type a name or paste an id").fill("memb");
    await page.getByRole("option", { name: /Members/ }).waitFor();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Members", level: 1 }).waitFor();
    assert.deepEqual(faults(), []);
    await close();
  });
});

async function describedBy(page: Page, label: string): Promise<string | null> {
  const id = await page.getByLabel(label, { exact: true }).getAttribute("aria-describedby");
  return page.locator(`[id="${id}"]`).textContent();
}
