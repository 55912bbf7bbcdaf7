import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Browser } from "playwright-core";
import { openStore, type Store } from "../../src/db/open.ts";
import type { ApiClient } from "../support/api-client.ts";
import { browserMissing, launchBrowser, openPage, until } from "../support/browser.ts";
import { connect, startOwnedServer } from "../support/dashboard.ts";
import { startTestReceiver, type TestReceiver } from "../support/receiver.ts";
import { seedConnections } from "../support/seed-connections.ts";
import { seedDeliveries } from "../support/seed-deliveries.ts";
import { seedHours } from "../support/seed-hours.ts";
import type { RunningServer } from "../support/server.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const EXPLANATION = {
  code: "refused",
  title: "The receiver rejected the request (401)",
  detail: "Check the signing secret.",
  action: "Compare the secrets.",
  action_code: "open_verify",
};

describe("connections", { skip: browserMissing }, () => {
  let browser: Browser;
  let server: RunningServer;
  let owner: ApiClient;
  let receiver: TestReceiver;
  let store: Store;
  let workspaceId: string;
  before(async () => {
    let owned: Awaited<ReturnType<typeof startOwnedServer>>;
    [browser, owned, receiver] = await Promise.all([
      launchBrowser(),
      startOwnedServer(),
      startTestReceiver(),
    ]);
    ({ server, owner } = owned);
    store = openStore({ databaseUrl: null, dataDir: server.dataDir, onConnectionError: () => undefined });
    workspaceId = (await store.db.selectFrom("workspaces").select("id").executeTakeFirstOrThrow()).id;
  });
  after(async () => {
    await Promise.all([browser.close(), receiver.close(), store.close()]);
    await server.stop();
  });

  const open = async (path: string, width: 1280 | 375 = 1280) => {
    const watched = await openPage(browser, { url: server.url, cookie: owner.cookie, width });
    await watched.page.goto(path);
    return watched;
  };

  test("leave the connect form open when all are disconnected, and list those only on request", async () => {
    await seedConnections(store.db, workspaceId, 60, (index) => ({
      name: `Old ${index}`,
      status: "disconnected",
      disconnected_at: Date.now(),
    }));
    const { page, faults } = await open("/integrations/webhook");
    await page.getByRole("heading", { name: "New connection" }).waitFor();
    assert.equal(await page.getByText("Old 1", { exact: true }).count(), 0);
    await page.getByRole("link", { name: "60 disconnected connections" }).click();
    await page.getByRole("link", { name: /^Old 10/ }).waitFor();
    assert.deepEqual(faults(), []);
  });

  test("close the connect form when one is connected, however many are disconnected", async () => {
    await seedConnections(store.db, workspaceId, 1, () => ({ name: "Live", created_at: Date.now() - HOUR }));
    const { page, faults } = await open("/integrations/webhook");
    await page.getByRole("link", { name: /^Live/ }).waitFor();
    await page.getByRole("button", { name: "Connect another" }).waitFor();
    assert.equal(await page.getByRole("heading", { name: "New connection" }).count(), 0);
    assert.equal(await page.getByRole("link", { name: /^Old/ }).count(), 0);
    assert.deepEqual(faults(), []);
  });

  describe("a thousand of them", () => {
    let failingId: string;
    before(async () => {
      const now = Date.now();
      const failing = {
        health: "unhealthy",
        probe_at: now + 10 * MINUTE,
        probe_delay_ms: 10 * MINUTE,
        first_failure_at: now - 5 * MINUTE,
        last_error_code: "http_status",
        last_error_message: "The receiver responded with 401 Unauthorized.",
        last_error_at: now - MINUTE,
        last_error_explanation: JSON.stringify(EXPLANATION),
      } as const;
      const ids = await seedConnections(store.db, workspaceId, 1000, (index) => ({
        name: `Customer ${String(index).padStart(4, "0")}`,
        event_types: index % 2 === 0 ? '["order.*","user.created"]' : '["invoice.paid"]',
        ...(index === 700 ? { ...failing, name: "Fraud scoring" } : {}),
        ...(index === 30
          ? { status: "paused", paused_reason: "manual", paused_at: now, paused_by: "Ada" }
          : {}),
      }));
      failingId = ids[700] ?? "";
      await seedDeliveries(store.db, {
        workspaceId,
        connectionId: failingId,
        count: 164,
        status: "pending",
        from: now - HOUR,
        nextAttemptAt: now + 10 * MINUTE,
      });
      const hour = now - (now % HOUR);
      await seedHours(store, [
        { connectionId: failingId, hour, delivered: 4, failed: 1 },
        { connectionId: ids[3] ?? "", hour, delivered: 30, failed: 0 },
      ]);
    });

    test("come first if they need attention, and keep search, filters and order in the URL", async () => {
      const { page, faults } = await open("/integrations/webhook");
      const first = page.locator("main [data-row]").first();
      await first.getByText("Fraud scoring").waitFor();
      const row = (await first.textContent()) ?? "";
      assert.match(row, /Failing.*since .*164 waiting.*80\.0 %.*The receiver rejected the request \(401\)/);
      await page.getByText("1,001 connections").waitFor();
      await page.getByRole("link", { name: "1 paused" }).click();
      await page.waitForURL("**/integrations/webhook?state=paused");
      await page.getByRole("link", { name: /^Customer 0030.*Paused/ }).waitFor();
      await page.getByRole("button", { name: "Clear filters" }).click();

      await page.getByRole("textbox", { name: "Name, host or ID" }).fill("customer 0815");
      await page.keyboard.press("Enter");
      await page.waitForURL("**/integrations/webhook?q=customer+0815");
      await until(page, "document.querySelectorAll('main [data-row]').length === 1");
      await page.reload();
      await page.getByRole("link", { name: /^Customer 0815/ }).waitFor();
      await page.getByRole("button", { name: "Clear filters" }).click();

      await page.getByRole("combobox", { name: "Sort by" }).selectOption("volume");
      await page.waitForURL("**sort=volume");
      await until(page, "/^Customer 0003/.test(document.querySelector('main [data-row]').textContent)");
      await page.getByRole("button", { name: "Load more" }).click();
      await until(page, "document.querySelectorAll('main [data-row]').length === 100");
      assert.deepEqual(faults(), []);
    });

    test("are found by metadata and by the key that created them, none, one or many", async () => {
      const key = await owner.post("/api/api-keys", { name: "Provisioning", access: "connections" });
      const ids = await store.db.selectFrom("connections").select(["id", "name"]).execute();
      const byName = new Map(ids.map(({ id, name }) => [name, id]));
      const pairs = Array.from({ length: 60 }, (_, index) => {
        const connection_id = byName.get(`Customer ${String(index + 100).padStart(4, "0")}`) ?? "";
        const of = { workspace_id: workspaceId, connection_id };
        return [
          { ...of, key: "plan", value: "pro" },
          { ...of, key: "customer", value: `${index}` },
        ];
      }).flat();
      await store.db.insertInto("connection_metadata").values(pairs).execute();
      await store.db
        .updateTable("connections")
        .set({ owner_key_id: key.body.data.id })
        .where("name", "in", ["Customer 0100", "Customer 0101"])
        .execute();

      const { page, faults } = await open("/integrations/webhook");
      const rows = (count: number) =>
        until(page, `document.querySelectorAll('main [data-row]').length === ${count}`);
      const metadata = page.getByRole("combobox", { name: "Metadata" });
      await metadata.fill("plan=pro");
      await page.keyboard.press("Enter");
      await page.getByRole("button", { name: "Remove plan=pro" }).waitFor();
      await rows(50);
      await page.getByRole("button", { name: "Load more" }).click();
      await rows(60);

      await metadata.fill("customer=7");
      await page.keyboard.press("Enter");
      await rows(1);
      await page.reload();
      await page.getByRole("link", { name: /^Customer 0107/ }).waitFor();
      await page.getByRole("button", { name: "Remove customer=7" }).waitFor();
      await metadata.fill("customer=999");
      await page.keyboard.press("Enter");
      await page.getByText("No connections match these filters.").waitFor();
      assert.equal(await page.getByRole("button", { name: "Remove customer=7" }).count(), 0);
      await metadata.fill("not a pair");
      await page.getByText("Type name=value, such as customer=42.").waitFor();
      await page.getByRole("button", { name: "Clear filters" }).click();
      await rows(50);

      await page.getByRole("combobox", { name: "Created by key" }).fill("prov");
      await page.getByRole("option", { name: /^Provisioning/ }).click();
      await rows(2);
      await page.waitForURL(`**/integrations/webhook?key=${key.body.data.id}`);
      await page.reload();
      await page.getByRole("button", { name: "Remove Provisioning" }).waitFor();
      await rows(2);
      assert.deepEqual(faults(), []);
    });

    test("say so when none match", async () => {
      const { page } = await open("/integrations/webhook?q=nobody-is-called-that");
      await page.getByText("No connections match these filters.").waitFor();
    });

    test("are counted on the catalog page, with a link to the failing ones", async () => {
      const { page, faults } = await open("/integrations");
      const card = page.getByRole("region", { name: "Webhook / Zapier" });
      await card.getByText("1,001 connections").waitFor();
      assert.equal(await card.getByText("Healthy", { exact: true }).count(), 0);
      await card.getByRole("link", { name: "1 failing" }).click();
      await page.waitForURL("**/integrations/webhook?state=failing");
      await page.getByRole("link", { name: /^Fraud scoring/ }).waitFor();
      assert.deepEqual(faults(), []);
    });

    test("show what is wrong, since when and what is pending, and can clear their queue", async () => {
      const { page, faults } = await open(`/integrations/connections/${failingId}`);
      await page.getByText("The receiver rejected the request (401)").waitFor();
      await page.getByText(/Failing since (\w+ \d+, )?\d\d:\d\d/).waitFor();
      await page.getByText(/One probe per minute, next in \d min \d+ s\./).waitFor();
      await page.getByText("Compare the secrets.").waitFor();
      assert.equal((await page.getByText("send a test event", { exact: false }).count()) > 3, false);
      await page.getByText("order.*", { exact: true }).waitFor();
      await page.getByRole("button", { name: "Copy connection ID" }).waitFor();
      await page.getByRole("slider", { name: "Deliveries in the last 24 hours" }).waitFor();
      await page.getByRole("img", { name: /^p95 per hour/ }).waitFor();
      await page.getByRole("link", { name: "164 deliveries waiting" }).waitFor();
      await page.getByRole("button", { name: "Clear queue" }).click();
      const dialog = page.getByRole("alertdialog", {
        name: "Cancel everything that waits for Fraud scoring?",
      });
      await dialog.getByText("164 pending deliveries are cancelled", { exact: false }).waitFor();
      await dialog.getByRole("button", { name: "Clear queue" }).click();
      await page.getByText("Cancelled 164 deliveries.", { exact: true }).waitFor();
      assert.deepEqual(faults(), []);
    });

    test("are cards on a phone, with nothing outside the window", async () => {
      const { page, faults } = await open("/integrations/webhook", 375);
      await page.getByText("Fraud scoring").waitFor();
      assert.equal(await page.evaluate<number>("document.documentElement.scrollWidth"), 375);
      assert.deepEqual(faults(), []);
    });
  });

  test("show a failure in the receiver's own words, with a link to the last failure", async () => {
    receiver.respond = (response) => void response.writeHead(401).end("token of the warehouse has expired");
    const id = await connect(owner, { name: "Own words", webhook_url: `${receiver.url}/hook` });
    const test = await owner.post(`/api/integrations/connections/${id}/test`);
    const { page, faults } = await open(`/integrations/connections/${id}`);
    await page.getByText("token of the warehouse has expired").waitFor();
    await page.getByRole("link", { name: "Open the last failure" }).click();
    await page.waitForURL(`**/deliveries/${test.body.delivery.id}`);
    assert.deepEqual(faults(), []);
  });

  test("can be created with the receiver's login, after its errors are fixed", async () => {
    receiver.respond = (response) => void response.writeHead(200).end();
    const { page, faults } = await open("/integrations/webhook");
    await page.getByRole("button", { name: "Connect another" }).click();
    await page.getByLabel("Webhook URL").fill(`${receiver.url}/behind-a-login`);
    await page.getByRole("button", { name: "Add custom header" }).click();
    await until(page, "document.activeElement.placeholder === 'X-Api-Key'");
    await page.keyboard.type("Authorization: Bearer pasted");
    await page.getByLabel("Value", { exact: true }).fill("pasted");
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await page.getByText("Write it without the colon and the value.").waitFor();
    await page.getByLabel("Kind").selectOption("Bearer token");
    await page.getByLabel("Token").fill("Bearer token-of-the-receiver");
    await page.getByRole("button", { name: "Connect and send test" }).click();
    await page.getByRole("region", { name: "Outcome" }).getByText("Delivered", { exact: true }).waitFor();
    const arrived = receiver.received.find(({ path }) => path === "/behind-a-login");
    assert.equal(arrived?.headers["authorization"], "Bearer token-of-the-receiver");
    assert.ok(!(await page.content()).includes("token-of-the-receiver"));
    assert.deepEqual(faults(), []);
  });

  test("can be created for selected event types", async () => {
    const { page, faults } = await open("/integrations/webhook");
    await page.getByRole("button", { name: "Connect another" }).click();
    await page.getByLabel("Webhook URL").fill(`${receiver.url}/hook`);
    await page.getByLabel("Name", { exact: true }).fill("Some types");
    const types = page.getByRole("region", { name: "New connection" }).getByRole("combobox", {
      name: "Event types",
    });
    await types.fill("order.*");
    await types.press("Enter");
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await page.waitForURL("**/integrations/connections/*");
    const [created] = (await owner.get("/api/integrations/connections?q=Some+types")).body.data;
    assert.deepEqual(created.event_types, ["order.*"]);
    assert.deepEqual(faults(), []);
  });
});
