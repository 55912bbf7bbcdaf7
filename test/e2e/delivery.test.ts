import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import type { ServerResponse } from "node:http";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";
import type { Browser } from "playwright-core";
import type { ApiClient } from "../support/api-client.ts";
import { browserMissing, launchBrowser, openPage } from "../support/browser.ts";
import { connect, startOwnedServer } from "../support/dashboard.ts";
import { startTestReceiver, type TestReceiver } from "../support/receiver.ts";
import type { RunningServer } from "../support/server.ts";
import { awaitDeliveries } from "./await-deliveries.ts";

const run = promisify(execFile);

const ATTACK = `<img src=x onerror="document.title='taken'"><script>document.title='taken'</script>`;

describe("a delivery", { skip: browserMissing }, () => {
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

  const later = (response: ServerResponse) => response.writeHead(503, { "retry-after": "3600" }).end("busy");

  /** Creates a delivery with its own connection and opens it after its first attempt. */
  const openDelivery = async (name: string, data = "{}") => {
    const type = `${name}.happened`;
    const connectionId = await connect(owner, {
      name,
      webhook_url: `${receiver.url}/hooks/catch/123/secret-part`,
      event_types: [type],
    });
    await owner.post("/api/events", `{"type":"${type}","data":${data}}`);
    const [{ id }] = await awaitDeliveries(owner, `connection_id=${connectionId}`, 1);
    const watched = await openPage(browser, { url: server.url, cookie: owner.cookie });
    await watched.page.goto(`/deliveries/${id}`);
    const panel = watched.page.getByRole("region", { name: type });
    await panel.getByText("Attempt 1").waitFor();
    return { ...watched, id, connectionId, panel };
  };

  test("that succeeded shows the exact request and response", async () => {
    receiver.respond = (response) => response.writeHead(201, { "x-receiver": "yes" }).end('{"taken":true}');
    const { page, context, panel, faults } = await openDelivery("good", '{"n":12345678901234567890.10}');
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    for (const body of ["request body", "response body of attempt 1"]) {
      await panel.getByRole("region", { name: `${body}, as a tree` }).waitFor();
    }
    const text = (await panel.textContent()) ?? "";
    for (const part of ["Delivered", "201", "x-receiver", '"taken": true', "webhook-id", "First byte"]) {
      assert.ok(text.includes(part), part);
    }
    assert.ok(text.includes('"n": 12345678901234567890.10'));
    assert.ok(!text.includes("What to do"));
    assert.equal(await panel.getByRole("button", { name: "Cancel delivery" }).count(), 0);

    await panel.getByRole("button", { name: "Copy as curl" }).click();
    await panel.getByText("Copied", { exact: true }).waitFor();
    const command = await page.evaluate<string>("navigator.clipboard.readText()");
    assert.ok(!command.includes("secret-part"));
    assert.match(command, /\$WEBHOOK_URL/);
    const sent = receiver.received.at(-1);
    const target = `${receiver.url}/from-curl`;
    await run("sh", ["-c", command.replace(/^curl /m, "curl -sS --max-time 10 ")], {
      env: { ...process.env, WEBHOOK_URL: target, NO_PROXY: "*" },
    });
    const again = receiver.received.at(-1);
    assert.equal(again?.path, "/from-curl");
    assert.equal(again?.body, sent?.body);
    assert.equal(again?.headers["webhook-id"], sent?.headers["webhook-id"]);
    assert.deepEqual(faults(), []);
  });

  test("that waits shows why and for how long, and is delivered when retried", async () => {
    receiver.respond = (response) => response.writeHead(500).end();
    const { page, panel, faults } = await openDelivery("waiting");
    // The first retry is due after some seconds, the second after some minutes.
    await panel.getByText("Attempt 2").waitFor({ timeout: 20_000 });
    await panel.getByText(/^Retrying in \d min$/).waitFor();
    // Screen readers must not announce the countdown every second.
    const counting = panel.locator("[aria-live=polite] [aria-live=off]");
    assert.match((await counting.textContent()) ?? "", /^ in \d min$/);
    await panel.getByText("The receiver failed while handling this.").first().waitFor();
    assert.match((await panel.textContent()) ?? "", /What to do: Replay after the fix\./);

    let release = () => {};
    receiver.respond = (response) => {
      release = () => response.end("taken now");
    };
    await panel.getByRole("button", { name: "Retry now" }).click();
    await page.getByText("Replay queued. Delivered once the receiver has responded.").first().waitFor();
    await panel.getByText("Sending", { exact: true }).waitFor();
    assert.equal(await panel.getByText("Delivered", { exact: true }).count(), 0);
    release();
    await panel.getByText("Attempt 3").waitFor();
    await panel.getByText("Delivered", { exact: true }).first().waitFor();
    assert.equal(await panel.getByText("What to do").count(), 0);
    assert.deepEqual(faults(), []);
  });

  test("that succeeded can be replayed", async () => {
    receiver.respond = (response) => response.end();
    const { panel, id, faults } = await openDelivery("again");
    await panel.getByRole("button", { name: "Replay", exact: true }).click();
    // The recorded attempt is a collapsible entry; while in flight, the attempt is shown in the same place without one.
    await panel.locator("summary", { hasText: "Attempt 2" }).waitFor();
    const [first, second] = receiver.received.slice(-2);
    assert.equal(first?.headers["webhook-id"], second?.headers["webhook-id"]);
    assert.equal((await owner.get(`/api/deliveries/${id}`)).body.data.status, "delivered");
    assert.deepEqual(faults(), []);
  });

  test("to a receiver that sent Retry-After is queued until then, and says so", async () => {
    receiver.respond = later;
    const { page, panel, faults } = await openDelivery("patient");
    await panel.getByText(/^Retrying in (60 min|1 h)$/).waitFor();
    await panel.getByRole("button", { name: "Retry now" }).click();
    await page
      .getByText(/^Replay queued\. The receiver asked to wait/)
      .first()
      .waitFor();
    assert.deepEqual(faults(), []);
  });

  test("is cancelled after a warning", async () => {
    receiver.respond = later;
    const { page, panel, id, faults } = await openDelivery("cancelled");
    await panel.getByRole("button", { name: "Cancel delivery" }).click();
    const dialog = page.getByRole("alertdialog", {
      name: "Stop sending this cancelled.happened to cancelled?",
    });
    await dialog.waitFor();
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    assert.ok(await panel.isVisible(), "Esc closes the dialog alone");
    await panel.getByRole("button", { name: "Cancel delivery" }).click();
    await dialog.getByRole("button", { name: "Cancel delivery" }).click();
    await panel.getByText("Cancelled", { exact: true }).waitFor();
    assert.equal((await owner.get(`/api/deliveries/${id}`)).body.data.status, "cancelled");
    const replay = panel.getByRole("button", { name: "Replay", exact: true });
    assert.equal(await replay.getAttribute("aria-disabled"), "true");
    assert.deepEqual(faults(), []);
  });

  test("that is refused says what to do", async () => {
    receiver.respond = (response) => response.writeHead(404).end();
    const { page, panel, connectionId, faults } = await openDelivery("lost");
    await panel.getByText("Nothing is listening at this URL.").waitFor();
    await panel.getByRole("link", { name: "Replace URL" }).click();
    await page.waitForURL(`**/integrations/connections/${connectionId}/settings`);
    assert.deepEqual(faults(), []);
  });

  test("shows a hostile receiver's response as text", async () => {
    receiver.respond = (response) => {
      response.writeHead(500, { "x-attack": ATTACK, "content-type": "text/html", "retry-after": "3600" });
      response.end(`${ATTACK}\u202Eexe.txt\u0000${"x".repeat(4000)}`);
    };
    const { page, panel, faults } = await openDelivery("hostile", JSON.stringify({ note: ATTACK }));
    const sent = panel.getByRole("region", { name: "request body, as a tree" });
    await sent.waitFor();
    const text = (await panel.textContent()) ?? "";
    assert.ok(text.includes(`${ATTACK}⟨U+202E⟩exe.txt␀`));
    assert.ok(((await sent.textContent()) ?? "").includes(JSON.stringify(ATTACK)));
    assert.equal(await panel.locator("img, script").count(), 0);
    assert.equal(await page.title(), "Deliveries · OpenSend");
    const overflow = await page.evaluate<number>("document.documentElement.scrollWidth - innerWidth");
    assert.ok(overflow <= 0);
    assert.deepEqual(faults(), []);
  });

  test("of a test event cannot be replayed, and says why", async () => {
    receiver.respond = (response) => response.writeHead(500).end();
    const connectionId = await connect(owner, { name: "Tested", webhook_url: `${receiver.url}/hook` });
    const { body } = await owner.post(`/api/integrations/connections/${connectionId}/test`);
    const { page, faults } = await openPage(browser, { url: server.url, cookie: owner.cookie });
    await page.goto(`/deliveries/${body.delivery.id}`);
    const panel = page.getByRole("region", { name: "integration.test" });
    await panel.getByText("Failed", { exact: true }).first().waitFor();
    const replay = panel.getByRole("button", { name: "Replay", exact: true });
    await replay.click({ force: true });
    await page.getByRole("tooltip", { name: /Test events are sent once/ }).waitFor();
    assert.deepEqual(faults(), []);
  });

  test("that does not exist says so", async () => {
    const { page } = await openPage(browser, { url: server.url, cookie: owner.cookie });
    await page.goto("/deliveries/0198c5f2-7c1e-7a54-9d3e-5b1f0c2a7e11");
    await page.getByText("No delivery at this address").waitFor();
  });
});
