import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Browser } from "playwright-core";
import { createUser } from "../../src/auth/create-user.ts";
import { newId } from "../../src/db/new-id.ts";
import { ApiClient, OWNER } from "../support/api-client.ts";
import { browserMissing, launchBrowser, openPage } from "../support/browser.ts";
import { signInViewer, startOwnedServer } from "../support/dashboard.ts";
import { makeSqlite, type TestDatabase } from "../support/databases.ts";
import { pageViolations } from "../support/page-violations.ts";
import { startTestReceiver, type TestReceiver } from "../support/receiver.ts";
import { type ServedApp, serveTestApp } from "../support/served-app.ts";
import type { RunningServer } from "../support/server.ts";

const WORKER_STOPPED = "Not a receiver problem: the delivery worker is not running.";

describe("the system page", { skip: browserMissing }, () => {
  let browser: Browser;
  let server: RunningServer;
  let owner: ApiClient;
  before(async () => {
    let owned: Awaited<ReturnType<typeof startOwnedServer>>;
    [browser, owned] = await Promise.all([launchBrowser(), startOwnedServer()]);
    ({ server, owner } = owned);
  });
  after(() => Promise.all([browser.close(), server.stop()]));

  const open = async (client: ApiClient) => {
    const watched = await openPage(browser, {
      url: server.url,
      cookie: client.cookie,
      recordsTraces: true,
    });
    await watched.context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await watched.page.goto("/settings/system");
    await watched.page.getByRole("heading", { name: "Encryption key" }).waitFor();
    return watched;
  };

  test("shows a viewer the instance's state, and copies it without secrets", async () => {
    const { page, traces, faults } = await open(await signInViewer(server));
    const delivery = page.getByRole("region", { name: "Delivery" });
    await delivery.getByRole("row", { name: new RegExp(`${server.process.pid}.*Working`) }).waitFor();
    await page.getByRole("region", { name: "Database" }).getByText("SQLite, embedded").waitFor();
    await page.getByText("Created for development, in the data folder").waitFor();
    assert.equal(await page.getByText(WORKER_STOPPED).count(), 0);

    await page.getByRole("button", { name: "Copy summary" }).click();
    await page.getByRole("button", { name: "Copied summary" }).waitFor();
    const copied = await page.evaluate<string>("navigator.clipboard.readText()");
    assert.match(copied, /^OpenSend \d+\.\d+\.\d+, Node v24/);
    assert.match(copied, /^Delivery: working$/m);
    assert.match(
      copied,
      new RegExp(`^Worker: .* process ${server.process.pid}, last heartbeat \\d{4}-`, "m"),
    );
    const secretOf = /[0-9a-f]{8}-[0-9a-f]{4}-|os_|@|[A-Za-z0-9+/]{40,}=/;
    assert.doesNotMatch(copied, secretOf);
    const responses = (await traces()).split("\n").filter((text) => text.includes('"encryption_key"'));
    assert.ok(responses.length > 0);
    assert.deepEqual(faults(), []);
  });

  test("reloads automatically while visible", async () => {
    const { page, faults } = await open(owner);
    const region = page.getByRole("region", { name: "Delivery" });
    await region.getByText("Pending deliveries").waitFor();
    const readings: string[] = [];
    page.on("response", (response) => {
      if (response.url().endsWith("/api/system")) readings.push(response.url());
    });
    await page.waitForResponse((response) => response.url().endsWith("/api/system"));
    await page.waitForResponse((response) => response.url().endsWith("/api/system"));
    assert.ok(readings.length >= 2);
    assert.deepEqual(faults(), []);
  });

  test("keeps its last data when the server cannot be reached, says so, and catches up", async () => {
    const { page, context } = await open(owner);
    await context.setOffline(true);
    await page.getByText("Not up to date").waitFor();
    await page.getByText(/OpenSend is not responding\..*OpenSend tries again every few seconds\./).waitFor();
    assert.ok(await page.getByRole("region", { name: "Database" }).isVisible());
    assert.deepEqual(await pageViolations(page), []);
    await context.setOffline(false);
    await page.getByText("Not up to date").waitFor({ state: "detached" });
  });

  test("says so when the server cannot be reached from the start, and offers a retry", async () => {
    const { page } = await openPage(browser, { url: server.url, cookie: owner.cookie });
    await page.goto("/integrations");
    await page.getByRole("heading", { level: 1 }).waitFor();
    await page.route("**/api/system", (route) => route.abort());
    await page.keyboard.press("g");
    await page.keyboard.press("s");
    await page.getByRole("link", { name: "System" }).click();
    await page.getByText("System status could not be loaded").waitFor();
    await page.unroute("**/api/system");
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByRole("heading", { name: "Encryption key" }).waitFor();
  });
});

/** An instance that serves HTTP, but whose worker was not started. */
describe("an instance without a running worker", { skip: browserMissing }, () => {
  let browser: Browser;
  let database: TestDatabase;
  let app: ServedApp;
  let receiver: TestReceiver;
  let user: ApiClient;
  let overdue: string;
  before(async () => {
    [browser, database, receiver] = await Promise.all([launchBrowser(), makeSqlite(), startTestReceiver()]);
    app = await serveTestApp(database);
    const { context } = app;
    await createUser(
      context.services.access.sessions,
      { ...OWNER, role: "owner" },
      { kind: "cli", address: null },
    );
    user = new ApiClient(app.url);
    const response = await user.post("/api/session", { email: OWNER.email, password: OWNER.password });
    assert.equal(response.status, 200, response.text);
    // The event is accepted before its connection exists, so that only the delivery written below is pending.
    const eventId = await app.accept({ type: "order.paid" });
    const connectionId = await app.connect({ webhookUrl: `${receiver.url}/hook`, name: "Orders" });
    overdue = newId();
    await context.store.db
      .insertInto("deliveries")
      .values({
        id: overdue,
        workspace_id: app.workspaceId,
        event_id: eventId,
        connection_id: connectionId,
        trigger_kind: "schedule",
        status: "pending",
        attempt_count: 0,
        next_attempt_at: Date.now() - 60_000,
        event_bytes: 2,
        created_at: Date.now() - 60_000,
        updated_at: Date.now() - 60_000,
      })
      .execute();
  });
  after(async () => {
    await Promise.all([browser.close(), app.close(), receiver.close()]);
    await database.remove();
  });

  const open = async (path: string, width: 1280 | 375 = 1280) => {
    const watched = await openPage(browser, { url: app.url, cookie: user.cookie, width });
    await watched.page.goto(path);
    await watched.page.getByText(WORKER_STOPPED).first().waitFor();
    return watched;
  };

  test("says so on the system page", async () => {
    for (const width of [1280, 375] as const) {
      const { page, faults, close } = await open("/settings/system", width);
      await page.getByRole("region", { name: "Delivery" }).getByText("Not working").waitFor();
      await page.getByText("No workers registered.").waitFor();
      assert.deepEqual(await pageViolations(page), []);
      assert.deepEqual(faults(), []);
      await close();
    }
  });

  test("says at an overdue delivery that the receiver is not to blame, and links to the system page", async () => {
    for (const width of [1280, 375] as const) {
      const { page, faults, close } = await open(`/deliveries/${overdue}`, width);
      await page.getByRole("heading", { name: "order.paid" }).waitFor();
      assert.deepEqual(await pageViolations(page), []);
      await page.getByRole("link", { name: "Open System" }).last().click();
      await page.waitForURL("**/settings/system");
      assert.deepEqual(faults(), []);
      await close();
    }
  });

  test("says so above the list, until a worker delivers", async () => {
    const { page, faults } = await open("/deliveries");
    await app.context.engine.worker.start();
    await page.getByText(WORKER_STOPPED).waitFor({ state: "detached", timeout: 30_000 });
    assert.equal(receiver.received.length, 1);
    await page.goto("/settings/system");
    await page.getByRole("region", { name: "Delivery" }).getByText("Working").first().waitFor();
    assert.equal(await page.getByText(WORKER_STOPPED).count(), 0);
    assert.deepEqual(faults(), []);
  });
});
