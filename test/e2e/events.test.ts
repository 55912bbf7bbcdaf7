import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Browser } from "playwright-core";
import type { ApiClient } from "../support/api-client.ts";
import { axeViolations, browserMissing, launchBrowser, openPage, until } from "../support/browser.ts";
import { connect, startOwnedServer } from "../support/dashboard.ts";
import { startTestReceiver, type TestReceiver } from "../support/receiver.ts";
import type { RunningServer } from "../support/server.ts";
import { awaitDeliveries } from "./await-deliveries.ts";

describe("events", { skip: browserMissing }, () => {
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

  const open = async (path: string) => {
    const watched = await openPage(browser, { url: server.url, cookie: owner.cookie });
    await watched.page.goto(path);
    return watched;
  };

  test("are sent exactly as written, next to a command for the app", async () => {
    await connect(owner, { name: "All", webhook_url: `${receiver.url}/all` });
    await connect(owner, { name: "Orders only", webhook_url: `${receiver.url}/o`, event_types: ["order.*"] });
    const { page, faults } = await open("/events");
    await page.getByText("No events yet").waitFor();
    await page.getByRole("button", { name: "Send event" }).click();
    const dialog = page.getByRole("dialog", { name: "Send event" });
    await dialog.getByLabel("Type").fill("user.created");
    await dialog.getByLabel("Data", { exact: true }).fill("[1]");
    await dialog.getByRole("button", { name: "Send event" }).click();
    await dialog.getByText("Enter a JSON object").waitFor();
    await dialog.getByLabel("Data", { exact: true }).fill('{"id": 12345678901234567890, "name": "O\'Hara"}');
    const command = await dialog.getByRole("region", { name: "Send it from your app" }).textContent();
    assert.match(command ?? "", /Authorization: Bearer \$OPENSEND_API_KEY/);
    assert.match(command ?? "", /12345678901234567890/);
    await dialog.getByRole("button", { name: "Send event" }).click();

    await page.getByRole("heading", { name: "user.created", level: 1 }).waitFor();
    const became = page.getByRole("region", { name: "Deliveries", exact: true });
    await became.getByRole("link", { name: /Delivered.*All/ }).waitFor();
    assert.equal(await became.getByRole("link").count(), 1);
    assert.match(receiver.received.at(-1)?.body ?? "", /"id":12345678901234567890/);
    const data = page.getByRole("region", { name: "event data, as a tree" });
    assert.match((await data.textContent()) ?? "", /"id": 12345678901234567890,/);
    await page.getByRole("button", { name: "As stored" }).click();
    await page.getByText('"id":12345678901234567890,').waitFor();

    const others = page.getByRole("region", { name: "Not delivered to" });
    await others.getByText("1 connection").click();
    await others.getByText("event types do not include this type").waitFor();
    await others.getByRole("link", { name: "Orders only" }).waitFor();
    await became.getByRole("link").click();
    await page.getByRole("region", { name: "user.created" }).getByText("Attempt 1").waitFor();
    assert.deepEqual(faults(), []);
  });

  test("that the server refuses show the reason at the field", async () => {
    const { page } = await open("/events");
    await page.getByRole("button", { name: "Send event" }).click();
    const dialog = page.getByRole("dialog", { name: "Send event" });
    await dialog.getByLabel("Type").fill("integration.mine");
    await dialog.getByRole("button", { name: "Send event" }).click();
    await until(page, "document.activeElement.getAttribute('aria-invalid') === 'true'");
    assert.equal(await dialog.getByLabel("Type").getAttribute("aria-invalid"), "true");
  });

  test("are filtered by type, time and failure, with all filters in the URL", async () => {
    receiver.respond = (response) => response.writeHead(500).end();
    const failing = await connect(owner, {
      name: "Failing",
      webhook_url: `${receiver.url}/failing`,
      event_types: ["nothing.else"],
    });
    // A test event ends after its only attempt.
    await owner.post(`/api/integrations/connections/${failing}/test`);
    receiver.respond = (response) => response.end();
    for (let number = 0; number < 3; number += 1) {
      await owner.post("/api/events", { type: "order.paid", data: { number } });
    }
    await awaitDeliveries(owner, "event_type=order.paid", 6);
    const { page, faults } = await open("/events");
    const list = page.getByRole("list", { name: "Events, newest first" });
    await list.getByRole("link", { name: /integration\.test/ }).waitFor();
    const picker = page.getByRole("combobox", { name: "Event type" });
    await picker.fill("order.*");
    await picker.press("Enter");
    await page.waitForURL(/\/events\?type=order/);
    await until(page, `${COUNT_ROWS} === 3`);
    await list.getByText("2 delivered").first().waitFor();
    await page.getByRole("slider", { name: "Events, last 24 hours" }).waitFor();
    await page.getByLabel("Failures").selectOption("yes");
    await page.getByText("No matches", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Clear filters" }).first().click();
    await page.getByLabel("Failures").selectOption("yes");
    await page.getByLabel("Time").selectOption("24h");
    await page.waitForURL(/failed=yes&range=24h|range=24h&failed=yes/);
    await until(page, `${COUNT_ROWS} === 1`);
    await page.getByLabel("Origin").selectOption("test");
    await page.waitForURL(/origin=test/);
    await list.getByText("1 failed").waitFor();
    await page.reload();
    await list.getByRole("link", { name: /integration\.test/ }).waitFor();
    assert.equal(await page.evaluate(COUNT_ROWS), 1);
    assert.deepEqual(faults(), []);
  });

  test("are erased after a confirmation that says what is lost", async () => {
    const paused = await connect(owner, {
      name: "Paused",
      webhook_url: `${receiver.url}/paused`,
      event_types: ["erased.*"],
    });
    await owner.post(`/api/integrations/connections/${paused}/pause`);
    const sent = await owner.post("/api/events", {
      type: "erased.event",
      data: { email: "ada@example.com" },
    });
    const { page, faults } = await open(`/events/${sent.body.data.id}`);
    await page.getByRole("region", { name: "Data", exact: true }).getByText("ada@example.com").waitFor();
    await page.getByRole("button", { name: "Erase payload" }).click();
    const question = page.getByRole("alertdialog");
    await question.getByText("1 pending delivery is cancelled").waitFor();
    assert.deepEqual(await axeViolations(page), []);
    await question.getByRole("button", { name: "Erase payload" }).click();
    await page.getByText("Payload erased", { exact: true }).waitFor();
    await page.getByRole("link", { name: /Cancelled.*Paused/ }).waitFor();
    assert.equal(await page.getByText("ada@example.com").count(), 0);
    assert.equal(await page.getByRole("button", { name: "Erase payload" }).count(), 0);
    await page.reload();
    await page.getByText("Payload erased", { exact: true }).waitFor();
    assert.deepEqual(faults(), []);
  });

  test("are listed by type, with an example and a link to the events", async () => {
    const { page, faults } = await open("/events");
    await page.getByRole("link", { name: "Event types", exact: true }).click();
    const types = page.getByRole("list", { name: "Event types" });
    await types.getByRole("link", { name: "order.paid", exact: true }).waitFor();
    assert.deepEqual(await axeViolations(page), []);
    await page.getByLabel("Type or pattern (order.*)").fill("user.*");
    await page.getByLabel("Type or pattern (order.*)").press("Enter");
    await page.waitForURL(/types\?type=user/);
    await until(page, "document.querySelectorAll('[aria-label=\"Event types\"] > li').length === 1");
    await types.getByRole("link", { name: "Example of user.created" }).click();
    await page.getByRole("heading", { name: "user.created", level: 1 }).waitFor();
    await page.goBack();
    await types.getByRole("link", { name: "user.created", exact: true }).click();
    await page.waitForURL(/\/events\?type=user\.created/);
    assert.deepEqual(await axeViolations(page), []);
    assert.deepEqual(faults(), []);
  });

  test("show hostile data as text", async () => {
    const attack = `<img src=x onerror="document.title='taken'">`;
    const sent = await owner.post("/api/events", { type: "attack.tried", data: { [attack]: "\u202Eexe" } });
    const { page, faults } = await open(`/events/${sent.body.data.id}`);
    const data = page.getByRole("region", { name: "Data", exact: true });
    const tree = data.getByRole("region", { name: "event data, as a tree" });
    const exact = data.getByRole("region", { name: "JSON", exact: true });
    for (const shown of [tree, exact]) {
      const text = (await shown.textContent()) ?? "";
      assert.ok(text.includes(JSON.stringify(attack)));
      assert.ok(text.includes("⟨U+202E⟩exe") || text.includes("\\u202e"));
      assert.equal(await data.locator("img").count(), 0);
      if (shown === tree) await data.getByRole("button", { name: "As stored" }).click();
    }
    assert.equal(await page.title(), "attack.tried · OpenSend");
    assert.deepEqual(faults(), []);
  });

  test("that do not exist say so", async () => {
    const { page } = await open("/events/0198c5f2-7c1e-7a54-9d3e-5b1f0c2a7e11");
    await page.getByText("Event not found").waitFor();
  });
});

const COUNT_ROWS = "document.querySelectorAll('main ul li a').length";
