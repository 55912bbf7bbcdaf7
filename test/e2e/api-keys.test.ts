import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Browser } from "playwright-core";
import { ApiClient } from "../support/api-client.ts";
import { browserMissing, launchBrowser, openPage, until } from "../support/browser.ts";
import { connect, startOwnedServer } from "../support/dashboard.ts";
import { startTestReceiver, type TestReceiver } from "../support/receiver.ts";
import type { RunningServer } from "../support/server.ts";

const KEY = /os_[A-Za-z0-9_-]{20,}/g;

describe("API keys", { skip: browserMissing }, () => {
  let browser: Browser;
  let server: RunningServer;
  let owner: ApiClient;
  let receiver: TestReceiver;
  before(async () => {
    let owned: Awaited<ReturnType<typeof startOwnedServer>>;
    [browser, owned, receiver] = await Promise.all([
      launchBrowser(),
      startOwnedServer(),
      startTestReceiver(),
    ]);
    ({ server, owner } = owned);
  });
  after(() => Promise.all([browser.close(), receiver.close(), server.stop()]));

  test("are shown exactly once, until they are copied or confirmed as stored", async () => {
    const { page, context, faults } = await openPage(browser, { url: server.url, cookie: owner.cookie });
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await page.goto("/api-keys");
    await page.getByText("No API keys yet").waitFor();
    await page.getByRole("button", { name: "Create key" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Name").fill("Production backend");
    assert.ok(
      await dialog.getByLabel("Sending access").isChecked(),
      "a key only sends unless asked for more",
    );
    await dialog.getByRole("button", { name: "Create key" }).click();
    await dialog.getByText("Save this key now").waitFor();

    const shown = [...(await page.content()).matchAll(KEY)].map(([key]) => key);
    assert.equal(shown.length, 1, "the document holds the key once");
    const key = shown[0] ?? "";

    await page.keyboard.press("Escape");
    await page.mouse.click(5, 5);
    assert.ok(await dialog.isVisible(), "nothing but the two ways closes it");
    assert.equal(await dialog.getByRole("button", { name: "Close" }).count(), 0);

    await dialog.getByRole("button", { name: "Copy API key" }).click();
    await dialog.getByText("Copied").waitFor();
    assert.equal(await page.evaluate("navigator.clipboard.readText()"), key);
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });

    const row = page.getByRole("row", { name: /Production backend/ });
    assert.match((await row.textContent()) ?? "", new RegExp(`${key.slice(0, 5)}.*…${key.slice(-4)}`));
    await page.reload();
    await row.waitFor();
    assert.ok(!(await page.content()).includes(key));
    const storage = await page.evaluate<string>(
      "JSON.stringify([{ ...localStorage }, { ...sessionStorage }])",
    );
    assert.ok(!storage.includes(key));

    const client = new ApiClient(server.url, { key });
    assert.equal((await client.get("/api/integrations")).status, 403, "the key works, with its own access");
    assert.deepEqual(faults(), []);
  });

  test("stop working immediately when revoked, after a warning", async () => {
    const created = await owner.post("/api/api-keys", { name: "Old laptop", access: "full_access" });
    const client = new ApiClient(server.url, { key: created.body.key });
    assert.equal((await client.get("/api/integrations")).status, 200);

    const { page, faults } = await openPage(browser, { url: server.url, cookie: owner.cookie });
    await page.goto("/api-keys");
    await page.getByRole("button", { name: "Revoke Old laptop" }).click();
    await page.getByRole("button", { name: "Keep it" }).click();
    assert.equal((await client.get("/api/integrations")).status, 200);

    await page.getByRole("button", { name: "Revoke Old laptop" }).click();
    await page.getByText(/Requests with the key os_\S+…\S{4} are rejected immediately/).waitFor();
    await page.getByRole("button", { name: "Revoke key" }).click();
    const row = page.getByRole("row", { name: /Old laptop/ });
    await row.getByText("Revoked", { exact: true }).waitFor();
    assert.equal((await client.get("/api/integrations")).status, 401);
    await until(page, "document.activeElement !== document.body");
    assert.deepEqual(faults(), []);
  });

  test("can be limited to their own connections and to event types", async () => {
    const { page, context, faults } = await openPage(browser, { url: server.url, cookie: owner.cookie });
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await page.goto("/api-keys");
    await page.getByRole("button", { name: "Create key" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Name").fill("Zapier");
    await dialog.getByLabel("Full access").check();
    assert.equal(await dialog.getByLabel("Event types").count(), 0, "full access has no limit");
    await dialog.getByLabel("Connections").check();
    await dialog.getByLabel("Event types").fill("order.*, no type!");
    await dialog.getByRole("button", { name: "Create key" }).click();
    await dialog.getByText(/is not an event type/).waitFor();
    await dialog.getByLabel("Event types").fill("order.*, user.created");
    await dialog.getByRole("button", { name: "Create key" }).click();
    await dialog.getByText("Save this key now").waitFor();
    const [[key = ""] = []] = [...(await page.content()).matchAll(KEY)];
    const me = await new ApiClient(server.url, { key }).get("/api/me");
    assert.deepEqual(
      [me.body.data.access, me.body.data.event_types],
      ["connections", ["order.*", "user.created"]],
    );
    await dialog.getByRole("button", { name: "Copy API key" }).click();
    await dialog.getByText("Copied").waitFor();
    await page.keyboard.press("Escape");
    const row = page.getByRole("row", { name: /Zapier/ });
    assert.match((await row.textContent()) ?? "", /Connectionsorder\.\*, user\.created/);
    await row.getByRole("button", { name: "Revoke Zapier" }).click();
    await page.getByText("The connections it created keep receiving events.").waitFor();
    assert.deepEqual(faults(), []);
  });

  test("are replaced by a key that manages the same connections, until someone revokes the old one", async () => {
    const input = { name: "n8n", access: "connections", event_types: ["order.*"] };
    const old = await owner.post("/api/api-keys", input);
    const before = new ApiClient(server.url, { key: old.body.key });
    const connection = await connect(before, { webhook_url: receiver.url, event_types: ["order.*"] });

    const { page, context, faults } = await openPage(browser, { url: server.url, cookie: owner.cookie });
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await page.goto("/api-keys");
    await page.getByRole("button", { name: "Replace n8n" }).click();
    const dialog = page.getByRole("dialog");
    await dialog
      .getByText(
        "Creates a key with the same name, access and event types, which manages the same connections. The old key works until you revoke it.",
      )
      .waitFor();
    await dialog.getByLabel("The new key expires").selectOption("In 90 days");
    await dialog.getByRole("button", { name: "Create key" }).click();
    await dialog.getByText("Save this key now").waitFor();
    const { prefix, last_four: lastFour } = old.body.data;
    await dialog.getByText(`Then revoke the old key, ${prefix}…${lastFour}.`).waitFor();
    await dialog.getByRole("button", { name: "Copy API key" }).click();
    await dialog.getByText("Copied").waitFor();
    const key = await page.evaluate<string>("navigator.clipboard.readText()");
    await dialog.getByRole("button", { name: "I have stored it" }).click();
    await dialog.waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Replace n8n" }).nth(1).waitFor();

    const [made] = (await owner.get("/api/api-keys")).body.data;
    assert.deepEqual(
      [made.name, made.access, made.event_types, made.replaces],
      ["n8n", "connections", ["order.*"], old.body.data.id],
    );
    assert.equal(Math.round((Date.parse(made.expires_at) - Date.parse(made.created_at)) / 86_400_000), 90);
    const managed = `/api/integrations/connections/${connection}`;
    for (const client of [before, new ApiClient(server.url, { key })]) {
      assert.equal((await client.get(managed)).status, 200);
    }
    assert.deepEqual(faults(), []);
  });

  test("that only send are replaced by one of the same kind, and not when they are revoked", async () => {
    const old = await owner.post("/api/api-keys", { name: "Shop", access: "sending_access" });
    const { page, faults } = await openPage(browser, { url: server.url, cookie: owner.cookie });
    await page.goto("/api-keys");
    await page.getByRole("button", { name: "Replace Shop" }).click();
    await page.getByText("Creates a key with the same name and access. The old key works").waitFor();
    await page.getByRole("dialog").getByRole("button", { name: "Create key" }).click();
    await page.getByText("Save this key now").waitFor();
    const [made] = (await owner.get("/api/api-keys")).body.data;
    assert.deepEqual(
      [made.name, made.access, made.replaces, made.expires_at],
      ["Shop", "sending_access", null, null],
    );
    await page.getByRole("button", { name: "I have stored it" }).click();

    for (const { id } of [old.body.data, made]) await owner.delete(`/api/api-keys/${id}`);
    await page.reload();
    await page.getByRole("row", { name: /Shop/ }).first().waitFor();
    assert.equal(await page.getByRole("button", { name: "Replace Shop" }).count(), 0);
    assert.deepEqual(faults(), []);
  });

  test("are listed 50 at a time", async () => {
    for (let number = 1; number <= 51; number++) {
      await owner.post("/api/api-keys", { name: `Key ${number}`, access: "sending_access" });
    }
    const { page, faults } = await openPage(browser, { url: server.url, cookie: owner.cookie });
    await page.goto("/api-keys");
    await page.getByRole("row", { name: /Key 51/ }).waitFor();
    assert.equal(await page.getByRole("row").count(), 1 + 50);
    await page.getByRole("button", { name: "Load more" }).click();
    await page.getByRole("row", { name: /Production backend/ }).waitFor();
    assert.equal(await page.getByRole("button", { name: "Load more" }).count(), 0);
    assert.deepEqual(faults(), []);
  });
});
