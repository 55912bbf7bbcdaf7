import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Browser } from "playwright-core";
import { ApiClient } from "../support/api-client.ts";
import { browserMissing, launchBrowser, openPage, save, until } from "../support/browser.ts";
import { connect, startOwnedServer } from "../support/dashboard.ts";
import { pageViolations } from "../support/page-violations.ts";
import { startTestReceiver, type TestReceiver } from "../support/receiver.ts";
import type { RunningServer } from "../support/server.ts";

describe("a connection's settings", { skip: browserMissing }, () => {
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
  after(() => Promise.all([browser.close(), server.stop(), receiver.close()]));

  const openSettings = async (name: string, expectedStatuses: number[] = []) => {
    const id = await connect(owner, {
      name,
      webhook_url: `${receiver.url}/hooks/first`,
      signing_secret: "first-secret",
    });
    const watched = await openPage(browser, { url: server.url, cookie: owner.cookie, expectedStatuses });
    await watched.page.goto(`/integrations/connections/${id}/settings`);
    await watched.page.getByRole("heading", { name: "General" }).waitFor();
    const read = async () => (await owner.get(`/api/integrations/connections/${id}`)).body.data;
    return { ...watched, id, read };
  };

  test("are saved together, and clear secret fields", async () => {
    const { page, id, read, faults } = await openSettings("Everything");
    const save = page.getByRole("button", { name: "Save changes" });
    assert.equal(await save.getAttribute("aria-disabled"), "true");

    await page.getByLabel("Name", { exact: true }).fill("Everything new");
    await page.getByLabel("Description", { exact: true }).fill("Orders for accounting");
    await page.getByLabel("External ID").fill("-42");
    await page.getByLabel("Metadata").fill("plan=pro\ncustomer 42");
    await save.click();
    await page.getByText("starting with a letter").waitFor();
    await page.getByText("“customer 42” has no “=”").waitFor();
    await page.getByLabel("External ID").fill("customer-42");
    await page.getByLabel("Metadata").fill("plan=pro\ncustomer=42");
    await page.getByLabel("Replace URL").fill(`${receiver.url}/hooks/second`);
    await page.getByLabel("Replace secret", { exact: true }).fill("second-secret");
    await page.getByLabel("These types").check();
    await page.getByLabel("Types", { exact: true }).fill("order.paid\nuser.*");
    await save.click();
    await page.getByText("Saved.", { exact: true }).waitFor();

    const saved = await read();
    assert.equal(saved.name, "Everything new");
    assert.equal(saved.description, "Orders for accounting");
    assert.deepEqual(saved.event_types, ["order.paid", "user.*"]);
    assert.deepEqual([saved.external_id, saved.metadata], ["customer-42", { plan: "pro", customer: "42" }]);
    assert.equal(await page.getByLabel("Replace URL").inputValue(), "");
    assert.equal(await page.getByLabel("Replace secret", { exact: true }).inputValue(), "");
    await page.getByRole("heading", { name: "Everything new", level: 1 }).waitFor();

    await owner.post(`/api/integrations/connections/${id}/test`);
    assert.equal(receiver.received.at(-1)?.path, "/hooks/second");
    assert.deepEqual(faults(), []);
  });

  test("rotate the secret, show the new one once, and sign with both for a while", async () => {
    const { page, id, read, faults } = await openSettings("Rotated");
    await page.getByRole("button", { name: "Rotate secret" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("heading", { name: "Rotate the signing secret" }).waitFor();
    await dialog.getByLabel("The old secret signs too for").selectOption("One hour");
    assert.deepEqual(await pageViolations(page), []);
    await page.setViewportSize({ width: 375, height: 800 });
    assert.deepEqual(await pageViolations(page), []);
    await dialog.getByLabel("New secret").fill("whsec_too-short");
    await dialog.getByRole("button", { name: "Rotate", exact: true }).click();
    await dialog.getByText(/whsec_ must continue with 24 to 64 bytes in base64/).waitFor();
    await dialog.getByLabel("New secret").fill("");
    await dialog.getByRole("button", { name: "Rotate", exact: true }).click();
    await dialog.getByRole("heading", { name: "Store this secret now" }).waitFor();
    assert.deepEqual(await pageViolations(page), []);
    await page.setViewportSize({ width: 1280, height: 800 });
    assert.deepEqual(await pageViolations(page), []);
    const shown = [...(await page.content()).matchAll(/whsec_[A-Za-z0-9+/]{43}=/g)].map(([secret]) => secret);
    assert.equal(shown.length, 1, "the document holds the secret once");
    await page.keyboard.press("Escape");
    assert.ok(await dialog.isVisible(), "only a word that it is stored closes it");
    await dialog.getByRole("button", { name: "I have stored it" }).click();
    await dialog.waitFor({ state: "detached" });
    await page.getByText("Two secrets sign", { exact: true }).waitFor();
    const again = page.getByRole("button", { name: "Rotate secret" });
    assert.equal(await again.getAttribute("aria-disabled"), "true");
    assert.ok(!(await page.content()).includes(shown[0] ?? ""));

    const endsIn = Date.parse((await read()).config.webhook.previous_secret_expires_at) - Date.now();
    assert.ok(Math.abs(endsIn - 3_600_000) < 60_000, `${endsIn} ms`);
    await owner.post(`/api/integrations/connections/${id}/test`);
    assert.match(
      String(receiver.received.at(-1)?.headers["x-opensend-signature-previous"]),
      /^[0-9a-f]{64}$/,
    );
    assert.deepEqual(faults(), []);
  });

  test("do not overwrite changes that someone else saved in the meantime", async () => {
    const { page, id, read, faults } = await openSettings("Shared", [412]);
    await page.getByLabel("Name", { exact: true }).fill("Mine");
    const created = await owner.post("/api/api-keys", { name: "Deploy script", access: "full_access" });
    const other = new ApiClient(server.url, { key: created.body.key });
    await other.patch(`/api/integrations/connections/${id}`, { name: "Theirs" });
    await page.getByRole("button", { name: "Save changes" }).click();
    await page.getByText(/^Changed by Deploy script just now\./).waitFor();
    assert.equal((await read()).name, "Theirs");
    assert.equal(await page.getByLabel("Name", { exact: true }).inputValue(), "Mine");

    await page.getByRole("button", { name: "Reload" }).click();
    await page.getByRole("heading", { name: "Theirs", level: 1 }).waitFor();
    assert.equal(await page.getByLabel("Name", { exact: true }).inputValue(), "Theirs");
    await page.getByLabel("Name", { exact: true }).fill("Ours");
    await page.getByRole("button", { name: "Save changes" }).click();
    await page.getByText("Saved.", { exact: true }).waitFor();
    assert.equal((await read()).name, "Ours");
    assert.deepEqual(faults(), []);
  });

  test("include pace and order of sending", async () => {
    const { page, read, faults } = await openSettings("Careful pace");
    await page.getByLabel("Concurrent requests").fill("0");
    await page.getByLabel("Requests per minute").fill("many");
    await page.getByRole("button", { name: "Save changes" }).click();
    await page.getByText("Enter a whole number from 1 to 100.").waitFor();
    await page.getByText("Enter a whole number from 1 to 60,000, or leave it empty.").waitFor();
    await page.getByLabel("Concurrent requests").fill("3");
    await page.getByLabel("Requests per minute").fill("120");
    await page.getByRole("button", { name: "Save changes" }).click();
    await page.getByText("Saved.", { exact: true }).waitFor();
    const limited = await read();
    assert.deepEqual([limited.ordered, limited.concurrency, limited.rate_limit_per_minute], [false, 3, 120]);

    await page.getByLabel("Strict order").check();
    assert.equal(await page.getByLabel("Concurrent requests").count(), 0, "strict order is one at a time");
    await page.getByLabel("Requests per minute").fill("");
    await save(page);
    const ordered = await read();
    assert.deepEqual([ordered.ordered, ordered.rate_limit_per_minute], [true, null]);
    assert.deepEqual(faults(), []);
  });

  test("add, replace and remove custom headers, and never show a saved value", async () => {
    const { page, id, read, faults } = await openSettings("Behind a login");
    const add = page.getByRole("button", { name: "Add header" });
    await add.click();
    await page.getByRole("button", { name: "Save changes" }).click();
    await page.getByText("Enter a name.").waitFor();
    await page.getByLabel("Header name").fill("X-Api-Key");
    await page.getByLabel("Value", { exact: true }).fill("key-of-the-receiver");
    await add.click();
    await page.getByLabel("Kind").last().selectOption("Basic authentication");
    await page.getByLabel("User name").fill("ada");
    await page.getByLabel("Password", { exact: true }).fill("pässword of ada");
    await page.getByLabel("Timeout in seconds").fill("61");
    assert.deepEqual(await pageViolations(page), []);
    await page.getByRole("button", { name: "Save changes" }).click();
    await page.getByText("Enter a whole number from 1 to 60.").waitFor();
    await page.getByLabel("Timeout in seconds").fill("20");
    await page.getByRole("button", { name: "Save changes" }).click();
    await page.getByText("Saved.", { exact: true }).waitFor();
    const saved = await read();
    assert.deepEqual(saved.config.webhook.header_names, ["Authorization", "X-Api-Key"]);
    assert.equal(saved.timeout_seconds, 20);
    await owner.post(`/api/integrations/connections/${id}/test`);
    const basic = `Basic ${Buffer.from("ada:pässword of ada").toString("base64")}`;
    assert.equal(receiver.received.at(-1)?.headers["authorization"], basic);
    assert.equal(receiver.received.at(-1)?.headers["x-api-key"], "key-of-the-receiver");

    assert.equal(await page.getByLabel("Authorization", { exact: true }).inputValue(), "");
    assert.ok(!(await page.content()).includes("key-of-the-receiver"));
    await page.getByLabel("X-Api-Key", { exact: true }).fill("another-key");
    await page.getByRole("button", { name: "Remove header Authorization" }).click();
    await page.getByText("Removed when you save.").waitFor();
    await save(page);
    assert.deepEqual((await read()).config.webhook.header_names, ["X-Api-Key"]);
    await owner.post(`/api/integrations/connections/${id}/test`);
    assert.equal(receiver.received.at(-1)?.headers["authorization"], undefined);
    assert.equal(receiver.received.at(-1)?.headers["x-api-key"], "another-key");

    await page.getByLabel("Replace URL").fill("http://localhost:1/hook");
    await page.getByText("The new URL has another host").waitFor();
    await page.setViewportSize({ width: 375, height: 800 });
    assert.deepEqual(await pageViolations(page), []);
    await page.getByRole("button", { name: "Discard" }).click();
    assert.deepEqual(faults(), []);
  });

  test("warn before unsaved changes are discarded", async () => {
    const { page, id, faults } = await openSettings("Careful");
    await page.getByLabel("Name", { exact: true }).fill("Half typed");
    await page
      .getByRole("navigation", { name: "Connection" })
      .getByRole("link", { name: "Overview" })
      .click();
    await page.getByText("Your changes to Careful are lost.").waitFor();
    await page.getByRole("button", { name: "Keep editing" }).click();
    assert.equal(await page.getByLabel("Name", { exact: true }).inputValue(), "Half typed");

    await page
      .getByRole("navigation", { name: "Connection" })
      .getByRole("link", { name: "Overview" })
      .click();
    await page.getByRole("button", { name: "Leave", exact: true }).click();
    await page.waitForURL(`**/integrations/connections/${id}`);
    await until(page, "document.activeElement !== document.body");
    assert.deepEqual(faults(), []);
  });

  test("pause and resume the connection", async () => {
    const { page, read, faults } = await openSettings("Pausing");
    await page.getByRole("button", { name: "Pause", exact: true }).click();
    await page.getByText("Paused. Events queue until you resume.", { exact: true }).waitFor();
    assert.equal((await read()).status, "paused");
    await page
      .getByRole("navigation", { name: "Connection" })
      .getByRole("link", { name: "Overview" })
      .click();
    await page.getByText("Paused by Ada.").waitFor();
    await page.getByRole("button", { name: "Resume" }).click();
    await page.getByText("OK", { exact: true }).waitFor();
    assert.equal((await read()).status, "connected");
    await until(page, "document.activeElement !== document.body");
    assert.deepEqual(faults(), []);
  });

  test("do not pause, disconnect or rotate after someone else's change in the meantime", async () => {
    const { page, id, read } = await openSettings("Shared", [412]);
    const faster = (name: string) => owner.patch(`/api/integrations/connections/${id}`, { name });
    await faster("Shared by Grace");
    await page.getByRole("button", { name: "Pause", exact: true }).click();
    await page.getByText(/^Not paused\. Someone else has changed this connection\./).waitFor();
    assert.equal((await read()).status, "connected");
    await page.getByRole("heading", { name: "Shared by Grace" }).waitFor();

    await faster("Shared by Linus");
    await page.getByRole("button", { name: "Disconnect" }).click();
    const dialog = page.getByRole("alertdialog");
    await dialog.getByRole("button", { name: "Disconnect" }).click();
    await dialog.getByText("Someone else has changed this connection.").waitFor();
    assert.equal((await read()).status, "connected");
    await dialog.getByRole("button", { name: "Disconnect" }).click();
    await page.getByText("A new one connects it again.").waitFor();
    assert.equal((await read()).status, "disconnected");
  });

  test("remove the signing secret after a warning", async () => {
    const { page, id, faults } = await openSettings("Unsigned");
    await page.getByRole("button", { name: "Remove secret" }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Remove secret" }).click();
    await page.getByText("Signing secret removed.", { exact: true }).waitFor();
    await owner.post(`/api/integrations/connections/${id}/test`);
    assert.equal(receiver.received.at(-1)?.headers["x-opensend-signature"], undefined);
    assert.deepEqual(faults(), []);
  });

  test("disconnect after saying what is lost, and reconnect with a new URL", async () => {
    const { page, id, read, faults } = await openSettings("Leaving");
    await page.getByRole("button", { name: "Disconnect" }).click();
    const dialog = page.getByRole("alertdialog", { name: "Stop sending to Leaving?" });
    assert.match(
      (await dialog.textContent()) ?? "",
      /Queued deliveries are cancelled\. History stays\..*Keep it.*Disconnect/,
    );
    await dialog.getByRole("button", { name: "Keep it" }).click();
    assert.equal((await read()).status, "connected");

    await page.getByRole("button", { name: "Disconnect" }).click();
    await dialog.getByRole("button", { name: "Disconnect" }).click();
    await page.getByText("A new one connects it again.").waitFor();
    assert.equal((await read()).status, "disconnected");
    const test = page.getByRole("button", { name: "Send test event" });
    assert.equal(await test.getAttribute("aria-disabled"), "true");

    await page.getByRole("textbox", { name: "Webhook URL" }).fill(`${receiver.url}/hooks/again`);
    await page.getByRole("button", { name: "Save changes" }).click();
    await page.getByText("Saved.", { exact: true }).waitFor();
    assert.equal((await read()).status, "connected");
    await test.click();
    await page
      .getByRole("navigation", { name: "Connection" })
      .getByRole("link", { name: "Overview" })
      .click();
    await page.getByRole("region", { name: "Outcome" }).getByText("Delivered", { exact: true }).waitFor();
    assert.equal(receiver.received.at(-1)?.path, "/hooks/again");
    assert.equal(page.url(), `${server.url}/integrations/connections/${id}`);
    assert.deepEqual(faults(), []);
  });
});
