import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Browser } from "playwright-core";
import type { ApiClient } from "../support/api-client.ts";
import { browserMissing, launchBrowser, openPage } from "../support/browser.ts";
import { connect, startOwnedServer } from "../support/dashboard.ts";
import { startTestReceiver, type TestReceiver } from "../support/receiver.ts";
import type { RunningServer } from "../support/server.ts";
import { awaitDeliveries } from "./await-deliveries.ts";

const EVENTS = 6;

describe("bulk actions on deliveries", { skip: browserMissing }, () => {
  let browser: Browser;
  let server: RunningServer;
  let owner: ApiClient;
  let receiver: TestReceiver;
  let paused: string;
  before(async () => {
    let owned: Awaited<ReturnType<typeof startOwnedServer>>;
    [browser, owned, receiver] = await Promise.all([
      launchBrowser(),
      startOwnedServer(),
      startTestReceiver(),
    ]);
    ({ server, owner } = owned);
    await connect(owner, {
      name: "Orders",
      webhook_url: `${receiver.url}/orders`,
      event_types: ["order.*"],
    });
    paused = await connect(owner, {
      name: "Invoices",
      webhook_url: `${receiver.url}/invoices`,
      event_types: ["invoice.*"],
    });
    const events = Array.from({ length: EVENTS }, (_, number) => ({ type: "order.paid", data: { number } }));
    await owner.post("/api/events/batch", events);
    await awaitDeliveries(owner, "status=delivered", EVENTS);
    const pausing = await owner.post(`/api/integrations/connections/${paused}/pause`);
    assert.equal(pausing.status, 200);
    const invoices = events.map((event) => ({ ...event, type: "invoice.sent" }));
    await owner.post("/api/events/batch", invoices);
    await awaitDeliveries(owner, "status=pending", EVENTS);
  });
  after(() => Promise.all([browser.close(), server.stop(), receiver.close()]));

  const open = async (path: string) => {
    const watched = await openPage(browser, { url: server.url, cookie: owner.cookie });
    await watched.page.goto(path);
    await watched.page.getByRole("heading", { name: "Deliveries", level: 1 }).waitFor();
    return watched;
  };

  test("show why each delivery is held, and when the next one is sent", async () => {
    const { page, faults, close } = await open("/deliveries?status=pending");
    const row = page.getByRole("link", { name: /invoice\.sent/ }).first();
    await row.waitFor();
    assert.match((await row.textContent()) ?? "", /Held: connection paused.*on resume/);
    await row.click();
    const panel = page.getByRole("region", { name: "invoice.sent" });
    await panel.getByText("Held: connection paused").waitFor();
    await panel
      .getByText("The connection is paused. Nothing is sent until someone resumes it.")
      .last()
      .waitFor();
    assert.equal(await page.getByText(/^now$/).count(), 0);
    assert.deepEqual(faults(), []);
    await close();
  });

  test("resend deliveries as a replay, which is shown as queued, not as delivered", async () => {
    const { page, faults, close } = await open("/deliveries?type=order.paid");
    const boxes = page.getByRole("checkbox", { name: "Select order.paid to Orders" });
    await boxes.nth(0).check();
    await boxes.nth(2).click({ modifiers: ["Shift"] });
    await page.getByRole("button", { name: "Retry now" }).click();
    const dialog = page.getByRole("alertdialog", { name: "Retry 3 deliveries now?" });
    await dialog.getByText("3 delivered: the receiver gets them a second time.").waitFor();
    await dialog.getByRole("button", { name: "Retry 3 deliveries" }).click();
    await page.getByText(/^Replay of 3 deliveries queued\. Each is delivered once/).waitFor();
    await page.getByRole("link", { name: "See progress" }).click();
    await page.waitForURL("**/deliveries/replays/*");
    await page.getByText("3 of 3 done").waitFor();
    await page.getByText(/3 deliveries chosen one by one/).waitFor();
    await page.getByRole("link", { name: "Replays" }).click();
    await page.getByRole("list", { name: "Replays, newest first" }).getByRole("link").first().waitFor();
    assert.equal(receiver.received.length, EVENTS + 3);
    assert.deepEqual(faults(), []);
    await close();
  });

  test("cancel all deliveries that match a filter, including those not selected individually", async () => {
    const { page, faults, close } = await open(`/deliveries?status=pending&connection=${paused}`);
    await page.getByRole("checkbox", { name: "Select invoice.sent to Invoices" }).first().check();
    const bar = page.getByRole("region", { name: "Selected deliveries" });
    await bar.getByRole("button", { name: /^Select all matching/ }).click();
    assert.equal(
      await bar.getByRole("button", { name: "Replay…" }).count(),
      0,
      "nothing pending is replayed",
    );
    await bar.getByRole("button", { name: "Cancel…" }).click();
    const dialog = page.getByRole("alertdialog");
    await dialog.getByText(/are not sent any more/).waitFor();
    await dialog.getByRole("button", { name: /^Cancel / }).click();
    await page.getByText(`${EVENTS} deliveries cancelled.`).waitFor();
    await awaitDeliveries(owner, "status=cancelled", EVENTS);
    assert.deepEqual(faults(), []);
    await close();
  });
});
