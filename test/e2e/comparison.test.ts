import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Browser } from "playwright-core";
import type { ApiClient } from "../support/api-client.ts";
import { browserMissing, launchBrowser, openPage } from "../support/browser.ts";
import { connect, startOwnedServer } from "../support/dashboard.ts";
import { pageViolations } from "../support/page-violations.ts";
import { startTestReceiver, type TestReceiver } from "../support/receiver.ts";
import type { RunningServer } from "../support/server.ts";
import { awaitDeliveries } from "./await-deliveries.ts";

const ATTACK = '<img src=x onerror="document.title=1">';

describe("what changed since it last worked", { skip: browserMissing }, () => {
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

  const respondWith = (status: number, headers: Record<string, string> = {}) => {
    receiver.respond = (response) =>
      void response.writeHead(status, { "retry-after": "3600", ...headers }).end();
  };
  const send = async (connectionId: string, type: string, data: object, found: string) => {
    await owner.post("/api/events", { type, data });
    const [row] = await awaitDeliveries(
      owner,
      `connection_id=${connectionId}&event_type=${type}&${found}`,
      1,
    );
    return row.id as string;
  };
  const open = async (id: string, width: 1280 | 375 = 1280) => {
    const opened = await openPage(browser, { url: server.url, cookie: owner.cookie, width });
    await opened.page.goto(`/deliveries/${id}`);
    const section = opened.page.getByRole("region", { name: "What changed since it last worked" });
    await section.waitFor();
    return { ...opened, section };
  };

  test("shows then and now and the changes by people, and links to the last success", async () => {
    const id = await connect(owner, {
      name: "Changed",
      webhook_url: `${receiver.url}/one`,
      event_types: ["a.*"],
    });
    respondWith(200, { server: "one" });
    const worked = await send(id, "a.b", { n: 1 }, "status=delivered");
    await owner.patch(`/api/integrations/connections/${id}`, { webhook_url: `${receiver.url}/two` });
    respondWith(500, { server: ATTACK });
    await owner.post("/api/events", { type: "a.b", data: { n: "one", [ATTACK]: [] } });
    const [failed] = await awaitDeliveries(owner, `connection_id=${id}&response=5xx`, 1);
    for (const width of [1280, 375] as const) {
      const { page, section, faults, close } = await open(failed.id, width);
      await section.getByText("Connection updated: webhook URL").waitFor();
      const text = (await section.textContent()) ?? "";
      for (const words of [
        /ResponseThen 200Now 500/,
        /data\.nThen numberNow string/,
        /Then Not in the dataNow array/,
      ]) {
        assert.match(text, words);
      }
      assert.ok(text.includes(`serverThen oneNow ${ATTACK}`), "what the receiver says is text");
      assert.ok(text.includes(`data.${ATTACK}`), "and so is what the event says");
      assert.equal(await section.locator("img").count(), 0);
      assert.ok(!text.includes("Nothing changed on OpenSend"));
      assert.deepEqual(await pageViolations(page), []);
      await section.getByRole("link", { name: "The last delivered a.b" }).click();
      await page.waitForURL(`**/deliveries/${worked}*`);
      assert.deepEqual(faults(), []);
      await close();
    }
  });

  test("says so when nothing changed on our side", async () => {
    const id = await connect(owner, {
      name: "Same",
      webhook_url: `${receiver.url}/same`,
      event_types: ["c.*"],
    });
    respondWith(200);
    await send(id, "c.d", { n: 1 }, "status=delivered");
    respondWith(503);
    await owner.post("/api/events", { type: "c.d", data: { n: 2 } });
    const [failed] = await awaitDeliveries(owner, `connection_id=${id}&response=5xx`, 1);
    const { section, faults } = await open(failed.id);
    await section.getByText("Nothing changed on OpenSend's side.").waitFor();
    assert.deepEqual(faults(), []);
  });

  test("says when nothing has ever arrived, and is not shown for delivered events", async () => {
    const id = await connect(owner, {
      name: "Never",
      webhook_url: `${receiver.url}/never`,
      event_types: ["e.*"],
    });
    respondWith(500);
    const failed = await send(id, "e.f", {}, "response=5xx");
    const { section } = await open(failed);
    await section.getByText("no earlier delivery to this connection succeeded").waitFor();
    respondWith(200);
    const other = await connect(owner, {
      name: "Fine",
      webhook_url: `${receiver.url}/fine`,
      event_types: ["g.*"],
    });
    const { page, faults } = await openPage(browser, { url: server.url, cookie: owner.cookie });
    await page.goto(`/deliveries/${await send(other, "g.h", {}, "status=delivered")}`);
    await page.getByRole("heading", { name: "Attempts" }).waitFor();
    assert.equal(await page.getByText("What changed since it last worked").count(), 0);
    assert.deepEqual(faults(), []);
  });
});
