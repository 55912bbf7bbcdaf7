import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import type { ApiClient } from "../support/api-client.ts";
import { browserMissing, launchBrowser, openPage, type WatchedPage } from "../support/browser.ts";
import { connect, signInViewer, startOwnedServer } from "../support/dashboard.ts";
import { startTestReceiver, type TestReceiver } from "../support/receiver.ts";
import type { RunningServer } from "../support/server.ts";
import { awaitDeliveries } from "./await-deliveries.ts";
import { makeObjects, type Objects } from "./make-objects.ts";
import { STATES } from "./page-states.ts";
import { pressEverything } from "./press-everything.ts";

const REASON = "Viewers can look but not change. Ask an owner or admin.";

describe("a viewer", { skip: browserMissing }, () => {
  let browser: Browser;
  let server: RunningServer;
  let viewer: ApiClient;
  let receiver: TestReceiver;
  let id: string;
  let deliveryId: string;
  let replayId: string;
  before(async () => {
    let owned: Awaited<ReturnType<typeof startOwnedServer>>;
    [browser, owned, receiver] = await Promise.all([
      launchBrowser(),
      startOwnedServer(),
      startTestReceiver(),
    ]);
    ({ server } = owned);
    const { owner } = owned;
    const input = {
      webhook_url: `${receiver.url}/hook`,
      name: "Look only",
      signing_secret: "a-signing-secret",
    };
    id = await connect(owner, input);
    await owner.post("/api/api-keys", { name: "CI", access: "full_access" });
    receiver.respond = (response) => response.writeHead(503, { "retry-after": "3600" }).end();
    await owner.post("/api/events", { type: "order.paid", data: {} });
    [{ id: deliveryId }] = await awaitDeliveries(owner, "response=5xx", 1);
    receiver.respond = (response) => response.end();
    // A replay that has not ended, because its connection is paused.
    const paused = await connect(owner, { name: "Paused", webhook_url: `${receiver.url}/paused` });
    await owner.post("/api/events", { type: "order.paid", data: {} });
    await awaitDeliveries(owner, `status=delivered&connection_id=${paused}`, 1);
    await owner.post(`/api/integrations/connections/${paused}/pause`);
    const filter = { status: ["delivered"], connection_id: paused };
    replayId = (await owner.post("/api/deliveries/replay", { filter })).body.data.id;
    viewer = await signInViewer(server);
  });
  after(() => Promise.all([browser.close(), server.stop(), receiver.close()]));

  const open = async (path: string) => {
    const watched = await openPage(browser, { url: server.url, cookie: viewer.cookie });
    await watched.page.goto(path);
    return watched;
  };

  test("sees every control that changes something disabled, with the reason", async () => {
    const controls: Record<string, readonly string[]> = {
      "/integrations/webhook": ["Connect another"],
      [`/integrations/connections/${id}`]: ["Send test event"],
      [`/integrations/connections/${id}/settings`]: [
        "Save changes",
        "Generate a signing secret",
        "Remove secret",
        "Pause",
        "Disconnect",
      ],
      "/api-keys": ["Create key", "Revoke CI"],
      "/deliveries": ["Replay…"],
      [`/deliveries/${deliveryId}`]: ["Retry now", "Cancel delivery"],
      [`/deliveries/replays/${replayId}`]: ["Pause", "Stop"],
      "/settings": ["Save changes"],
    };
    for (const [path, names] of Object.entries(controls)) {
      const { page, faults } = await open(path);
      for (const name of names) {
        const button = page.getByRole("button", { name, exact: true });
        await button.waitFor();
        assert.equal(await button.getAttribute("aria-disabled"), "true", name);
        assert.equal(await descriptionOf(page, name), REASON, name);
        await button.click({ force: true });
      }
      assert.equal(await page.getByRole("dialog").or(page.getByRole("alertdialog")).count(), 0);
      assert.deepEqual(faults(), []);
    }
  });

  test("can see how to send an event, but not send one", async () => {
    const { page, faults } = await open("/events");
    await page.getByRole("button", { name: "Send event" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText("$OPENSEND_API_KEY").waitFor();
    const send = dialog.getByRole("button", { name: "Send event" });
    assert.equal(await send.getAttribute("aria-disabled"), "true");
    await send.click({ force: true });
    await page.getByRole("tooltip", { name: REASON }).waitFor();
    assert.deepEqual(faults(), []);
  });

  test("sees the reason by keyboard and by touch", async () => {
    const { page } = await open(`/integrations/connections/${id}`);
    const button = page.getByRole("button", { name: "Send test event" });
    await button.focus();
    await page.getByRole("tooltip", { name: REASON }).waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("tooltip", { name: REASON }).waitFor({ state: "detached" });
    await button.click({ force: true });
    await page.getByRole("tooltip", { name: REASON }).waitFor();
  });

  test("is refused by the API too", async () => {
    const refused = await Promise.all([
      viewer.post(`/api/integrations/connections/${id}/test`),
      viewer.patch(`/api/integrations/connections/${id}`, { name: "Mine" }),
      viewer.delete(`/api/integrations/connections/${id}`),
      viewer.post("/api/integrations/webhook", { webhook_url: `${receiver.url}/hook` }),
      viewer.post("/api/api-keys", { name: "Mine", access: "full_access" }),
      viewer.post(`/api/deliveries/${deliveryId}/retry`),
      viewer.post("/api/deliveries/replay", { filter: {} }),
      viewer.post("/api/events", { type: "order.paid", data: {} }),
      viewer.patch("/api/workspace", { name: "Mine" }),
    ]);
    assert.deepEqual(
      refused.map(({ status }) => status),
      refused.map(() => 403),
    );
  });
});

describe("a viewer on every page", { skip: browserMissing }, () => {
  const changes: string[] = [];
  let watched: WatchedPage;
  let browser: Browser;
  let server: RunningServer;
  let viewer: ApiClient;
  let receiver: TestReceiver;
  let objects: Objects;
  before(async () => {
    let owned: Awaited<ReturnType<typeof startOwnedServer>>;
    [browser, owned, receiver] = await Promise.all([
      launchBrowser(),
      startOwnedServer(),
      startTestReceiver(),
    ]);
    ({ server } = owned);
    objects = await makeObjects(owned.owner, receiver);
    viewer = await signInViewer(server);
    watched = await openPage(browser, { url: server.url, cookie: viewer.cookie });
    watched.context.on("request", (request) => {
      if (request.method() !== "GET") changes.push(`${request.method()} ${request.url()}`);
    });
  });
  after(() => Promise.all([browser.close(), server.stop(), receiver.close()]));

  for (const state of STATES.filter(({ anonymous, own }) => !anonymous && !own)) {
    test(`changes nothing, whatever is pressed: ${state.name}`, async () => {
      const page = await watched.anotherPage(state.statuses);
      changes.length = 0;
      await page.goto(state.path(objects));
      await page.getByRole("heading", { level: 1 }).waitFor();
      // A dialog that viewers cannot open stays closed, but its page is checked all the same.
      if (state.changes !== true) await state.prepare?.(page);
      assert.deepEqual(await pressEverything(page), []);
      assert.deepEqual(changes, []);
      assert.deepEqual(watched.faults(), []);
    });
  }
});

async function descriptionOf(page: Page, buttonName: string): Promise<string | null> {
  const button = page.getByRole("button", { name: buttonName, exact: true });
  const described = await button.getAttribute("aria-describedby");
  return page.locator(`[id="${described}"]`).textContent();
}
