import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Browser } from "playwright-core";
import type { ApiClient } from "../support/api-client.ts";
import { browserMissing, launchBrowser, openPage, until } from "../support/browser.ts";
import { connect, startOwnedServer } from "../support/dashboard.ts";
import { pageViolations } from "../support/page-violations.ts";
import { startTestReceiver, type TestReceiver } from "../support/receiver.ts";
import type { RunningServer } from "../support/server.ts";
import { holdResponses } from "./hold-responses.ts";

describe("while a response is pending", { skip: browserMissing }, () => {
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
  });
  after(() => Promise.all([browser.close(), server.stop(), receiver.close()]));

  const open = async (path: string, expectedStatuses: number[] = []) => {
    const watched = await openPage(browser, { url: server.url, cookie: owner.cookie, expectedStatuses });
    await watched.page.goto(path);
    return watched;
  };

  const shownOnce = [
    {
      what: "a key",
      at: () => "/api-keys",
      opens: "Create key",
      field: "Name",
      value: "Backend",
      creates: "Create key",
      path: "**/api/api-keys",
      shown: "Save this key now",
    },
    {
      what: "an invitation",
      at: () => "/members",
      opens: "Invite",
      field: "Email",
      value: "grace@example.com",
      creates: "Create link",
      path: "**/api/invitations",
      shown: "Copy the invitation link",
    },
    {
      what: "a rotated secret",
      at: () => `/integrations/connections/${connectionId}/settings`,
      opens: "Rotate secret",
      field: "New secret",
      value: "",
      creates: "Rotate",
      path: "**/rotate-secret",
      shown: "Store this secret now",
    },
  ];
  for (const { what, at, opens, field, value, creates, path, shown } of shownOnce) {
    test(`${what} that is being created cannot be closed, because it is shown only once`, async () => {
      const { page, faults, close } = await open(at());
      const responses = await holdResponses(page, "POST", path);
      await page.getByRole("button", { name: opens, exact: true }).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByLabel(field).fill(value);
      await dialog.getByRole("button", { name: creates, exact: true }).click();
      await responses.handled;

      const cancel = dialog.getByRole("button", { name: "Cancel" });
      assert.equal(await cancel.getAttribute("aria-disabled"), "true");
      assert.equal(await dialog.getByRole("button", { name: "Close" }).count(), 0);
      await page.keyboard.press("Escape");
      await page.mouse.click(5, 5);
      await cancel.click({ force: true });
      await page.getByRole("tooltip").getByText("It is being created and will be shown only once.").waitFor();
      assert.deepEqual(await pageViolations(page), []);

      responses.release();
      await dialog.getByRole("heading", { name: shown }).waitFor();
      assert.equal(responses.calls(), 1);
      assert.deepEqual(faults(), []);
      await close();
    });
  }

  test("a dialog can be closed after creation failed", async () => {
    const { page, faults, close } = await open("/api-keys", [503]);
    await page.route("**/api/api-keys", (route) =>
      route.request().method() === "POST" ? route.fulfill({ status: 503 }) : route.fallback(),
    );
    await page.getByRole("button", { name: "Create key" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Name").fill("Never created");
    await dialog.getByRole("button", { name: "Create key" }).click();
    await dialog.getByRole("alert").waitFor();
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    assert.deepEqual(faults(), []);
    await close();
  });

  const connections = async () => (await owner.get("/api/integrations/connections")).body.data.length;
  const fillConnect = async (expectedStatuses: number[] = []) => {
    const watched = await open("/integrations/webhook", expectedStatuses);
    const { page } = watched;
    await page.getByRole("button", { name: "Connect another" }).click();
    await page.getByLabel("Webhook URL").fill(`${receiver.url}/once`);
    return watched;
  };

  for (const first of ["Connect and send test", "Save", "Use the built-in inspector"]) {
    test(`nothing else connects after “${first}”`, async () => {
      const { page, faults, close } = await fillConnect();
      const before = await connections();
      const ways = ["Connect and send test", "Save", "Use the built-in inspector"];
      const responses = await holdResponses(page, "POST", "**/api/integrations/*");
      const button = (name: string) => page.getByRole("button", { name, exact: true });
      await button(first).click();
      await responses.handled;
      for (const name of [...ways, "Cancel"]) {
        assert.equal(await button(name).getAttribute("aria-disabled"), "true", name);
        await button(name).click({ force: true });
      }
      await page.getByLabel("Webhook URL").focus();
      await page.keyboard.press("Enter");
      await page.evaluate("document.querySelector('main form').requestSubmit()");
      assert.deepEqual(await pageViolations(page), []);

      responses.release();
      await page.waitForURL("**/integrations/connections/*");
      assert.equal(responses.calls(), 1);
      assert.equal(await connections(), before + 1);
      assert.deepEqual(faults(), []);
      await close();
    });
  }

  test("connecting again after a lost response does not create a second connection", async () => {
    const { page, close } = await fillConnect();
    const before = await connections();
    const save = page.getByRole("button", { name: "Save", exact: true });
    const keys: (string | undefined)[] = [];
    const lose = async () => {
      const lost = Promise.withResolvers<void>();
      await page.route(
        "**/api/integrations/webhook",
        async (route) => {
          keys.push(route.request().headers()["idempotency-key"]);
          await route.fetch();
          await route.abort();
          lost.resolve();
        },
        { times: 1 },
      );
      await save.click();
      await lost.promise;
      await page.getByText("OpenSend is not responding.").waitFor();
    };
    await lose();
    await lose();
    assert.equal(await connections(), before + 1);

    await page.getByLabel("Name", { exact: true }).fill("Another");
    await lose();
    assert.equal(await connections(), before + 2, "another name is another connection");
    await save.click();
    await page.waitForURL("**/integrations/connections/*");
    assert.equal(await connections(), before + 2);
    assert.equal(keys[0], keys[1]);
    assert.notEqual(keys[1], keys[2]);
    await close();
  });

  test("“Keep it” is disabled after confirmation, and says why", async () => {
    const id = await connect(owner, { name: "Leaving", webhook_url: `${receiver.url}/leaving` });
    const { page, faults, close } = await open(`/integrations/connections/${id}/settings`);
    const responses = await holdResponses(page, "DELETE", `**/api/integrations/connections/${id}`);
    await page.getByRole("button", { name: "Disconnect" }).click();
    const dialog = page.getByRole("alertdialog");
    const keep = dialog.getByRole("button", { name: "Keep it" });
    await until(page, "document.activeElement.textContent === 'Keep it'");
    await dialog.getByRole("button", { name: "Disconnect" }).click();
    await responses.handled;

    await page.keyboard.press("Escape");
    assert.equal(await keep.getAttribute("aria-disabled"), "true");
    await keep.click({ force: true });
    await page.getByRole("tooltip").getByText("It was confirmed and is being done.").waitFor();
    assert.deepEqual(await pageViolations(page), []);
    responses.release();
    await page.getByText("A new one connects it again.").waitFor();
    await dialog.waitFor({ state: "detached" });
    assert.deepEqual(faults(), []);
    await close();
  });

  test("a failed confirmation shows its error, and the next one does not", async () => {
    await owner.post("/api/api-keys", { name: "First", access: "sending_access" });
    await owner.post("/api/api-keys", { name: "Second", access: "sending_access" });
    const { page, faults, close } = await open("/api-keys", [503]);
    const requested = Promise.withResolvers<void>();
    const gate = Promise.withResolvers<void>();
    await page.route("**/api/api-keys/*", async (route) => {
      requested.resolve();
      await gate.promise;
      await route.fulfill({ status: 503 });
    });
    const dialog = page.getByRole("alertdialog");
    await page.getByRole("button", { name: "Revoke First" }).click();
    await dialog.getByRole("button", { name: "Revoke key" }).click();
    await requested.promise;
    await page.keyboard.press("Escape");
    gate.resolve();
    await dialog.getByRole("alert").waitFor();

    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Revoke Second" }).click();
    await dialog.getByText("Second").first().waitFor();
    assert.equal(await dialog.getByRole("alert").count(), 0);
    assert.deepEqual(faults(), []);
    await close();
  });
});
