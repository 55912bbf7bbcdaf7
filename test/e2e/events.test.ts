import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Browser } from "playwright-core";
import type { ApiClient } from "../support/api-client.ts";
import { browserMissing, launchBrowser, openPage, until } from "../support/browser.ts";
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

  test("are sent by hand to the digit, with a command for an own system beside", async () => {
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
    const command = await dialog.getByRole("region", { name: "The same from your own system" }).textContent();
    assert.match(command ?? "", /Authorization: Bearer \$OPENSEND_API_KEY/);
    assert.match(command ?? "", /12345678901234567890/);
    await dialog.getByRole("button", { name: "Send event" }).click();

    await page.getByRole("heading", { name: "user.created", level: 1 }).waitFor();
    const became = page.getByRole("region", { name: "What became of it" });
    await became.getByRole("link", { name: /Delivered.*All/ }).waitFor();
    assert.equal(await became.getByRole("link").count(), 1);
    assert.match(receiver.received.at(-1)?.body ?? "", /"id":12345678901234567890/);
    const data = await page.getByRole("region", { name: "Data" }).textContent();
    assert.match(data ?? "", /"id": 12345678901234567890/);

    const others = page.getByRole("region", { name: "Who did not get it, and why" });
    assert.match(
      (await others.textContent()) ?? "",
      /Orders only.*user\.created is not among the event types of the connection: order\.\*\./,
    );
    await became.getByRole("link").click();
    await page.getByRole("region", { name: "user.created" }).getByText("Attempt 1").waitFor();
    assert.deepEqual(faults(), []);
  });

  test("that the server refuses are told so at the field", async () => {
    const { page } = await open("/events");
    await page.getByRole("button", { name: "Send event" }).click();
    const dialog = page.getByRole("dialog", { name: "Send event" });
    await dialog.getByLabel("Type").fill("integration.mine");
    await dialog.getByRole("button", { name: "Send event" }).click();
    await until(page, "document.activeElement.getAttribute('aria-invalid') === 'true'");
    assert.equal(await dialog.getByLabel("Type").getAttribute("aria-invalid"), "true");
  });

  test("are found by type, time and failure, all in the address", async () => {
    receiver.answer = (response) => response.writeHead(500).end();
    const failing = await connect(owner, {
      name: "Failing",
      webhook_url: `${receiver.url}/failing`,
      event_types: ["nothing.else"],
    });
    // A test ends with its only attempt.
    await owner.post(`/api/integrations/connections/${failing}/test`);
    receiver.answer = (response) => response.end();
    for (let number = 0; number < 3; number += 1) {
      await owner.post("/api/events", { type: "order.paid", data: { number } });
    }
    await awaitDeliveries(owner, "event_type=order.paid", 3);
    const { page, faults } = await open("/events");
    const list = page.getByRole("list", { name: "Events, the last accepted first" });
    await list.getByRole("link", { name: /integration\.test/ }).waitFor();
    await page.getByLabel("Event type").fill("order.paid");
    await page.getByLabel("Event type").press("Enter");
    await page.waitForURL("**/events?type=order.paid");
    await until(page, `${COUNT_ROWS} === 3`);
    await page.getByLabel("Failures").selectOption("yes");
    await page.getByText("Nothing matches", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Clear filters" }).first().click();
    await page.getByLabel("Failures").selectOption("yes");
    await page.getByLabel("Time").selectOption("24h");
    await page.waitForURL(/failed=yes&range=24h|range=24h&failed=yes/);
    await until(page, `${COUNT_ROWS} === 1`);
    await page.reload();
    await list.getByRole("link", { name: /integration\.test/ }).waitFor();
    assert.equal(await page.evaluate(COUNT_ROWS), 1);
    assert.deepEqual(faults(), []);
  });

  test("show hostile data as text", async () => {
    const attack = `<img src=x onerror="document.title='taken'">`;
    const sent = await owner.post("/api/events", { type: "attack.tried", data: { [attack]: "\u202Eexe" } });
    const { page, faults } = await open(`/events/${sent.body.data.id}`);
    const data = page.getByRole("region", { name: "Data", exact: true });
    await data.waitFor();
    const text = (await data.textContent()) ?? "";
    assert.ok(text.includes(JSON.stringify(attack)));
    assert.ok(text.includes("⟨U+202E⟩exe") || text.includes("\\u202e"));
    assert.equal(await data.locator("img").count(), 0);
    assert.equal(await page.title(), "attack.tried · OpenSend");
    assert.deepEqual(faults(), []);
  });

  test("that are not there are told so", async () => {
    const { page } = await open("/events/0198c5f2-7c1e-7a54-9d3e-5b1f0c2a7e11");
    await page.getByText("No event at this address").waitFor();
  });
});

const COUNT_ROWS = "document.querySelectorAll('main ul li a').length";
