import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Browser } from "playwright-core";
import type { ApiClient } from "../support/api-client.ts";
import { browserMissing, launchBrowser, openPage, until } from "../support/browser.ts";
import { connect, startOwnedServer } from "../support/dashboard.ts";
import { startTestReceiver, type TestReceiver } from "../support/receiver.ts";
import type { RunningServer } from "../support/server.ts";

const SLEEP_MS = 3_000;

describe("a test event", { skip: browserMissing }, () => {
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

  const openConnection = async (name: string) => {
    const id = await connect(owner, { name, webhook_url: `${receiver.url}/hooks/catch/1` });
    const watched = await openPage(browser, { url: server.url, cookie: owner.cookie });
    await watched.page.goto(`/integrations/connections/${id}`);
    return { ...watched, id };
  };

  test("shows Delivered only after the receiver responded", async () => {
    const { page, faults } = await openConnection("Sleeper");
    receiver.respond = (response) => setTimeout(() => response.writeHead(200).end("awake"), SLEEP_MS);
    await page.getByText("Not tested yet").waitFor();

    const startedAt = performance.now();
    await page.getByRole("button", { name: "Send test event" }).click();
    await page.getByText("Sending", { exact: true }).waitFor();
    await page.getByText(/^Waiting for the first byte… 1\.\d s$/).waitFor();
    const underWay = page.getByRole("region", { name: "Under way" });
    assert.match(
      (await underWay.getByRole("list").textContent()) ?? "",
      /Waited in queue.*Connect.*Sent.*ms.*First byte/,
    );
    assert.equal(await underWay.getByRole("status").first().textContent(), "Waiting for the first byte.");
    // The first moment at which any text of the page, visible or for screen readers, says so.
    await until(page, "document.body.textContent.includes('Delivered')");
    assert.ok(performance.now() - startedAt >= SLEEP_MS);
    assert.match((await page.getByRole("region", { name: "Response" }).textContent()) ?? "", /awake/);
    const record = await page.getByRole("region", { name: "Outcome" }).getByRole("list").textContent();
    assert.match(record ?? "", /Waited in queue.*First byte3\.\d sRest of response.*Total3\.\d s/);
    assert.deepEqual(faults(), []);
  });

  test("continues while the person looks at another page", async () => {
    const { page, faults } = await openConnection("Wanderer");
    let release = () => {};
    receiver.respond = (response) => {
      release = () => response.writeHead(202).end();
    };
    await page.getByRole("button", { name: "Send test event" }).click();
    await page.getByRole("main").getByRole("link", { name: "Settings" }).click();
    await page.getByRole("heading", { name: "General" }).waitFor();
    release();
    await page
      .getByRole("navigation", { name: "Connection" })
      .getByRole("link", { name: "Overview" })
      .click();
    await page.getByRole("region", { name: "Outcome" }).getByText("202 Accepted").waitFor();
    assert.deepEqual(faults(), []);
  });

  test("says why it failed and what to do", async () => {
    const { page, id, faults } = await openConnection("Gone");
    receiver.respond = (response) => response.writeHead(404).end("no such hook");
    await page.getByRole("button", { name: "Send test event" }).click();
    const outcome = page.getByRole("region", { name: "Outcome" });
    await outcome.getByText("Failed", { exact: true }).waitFor();
    assert.match((await outcome.textContent()) ?? "", /Nothing is listening at this URL/);
    await outcome.getByRole("link", { name: "Replace URL" }).click();
    await page.waitForURL(`**/integrations/connections/${id}/settings`);

    await page.goto(`/integrations/connections/${id}`); // a new visit shows only what the server stored
    await page.getByText("Nothing is listening at this URL").waitFor();
    await page.getByText("no such hook").waitFor();
    await page.getByText("Failing", { exact: true }).waitFor();
    await page.getByRole("link", { name: "Open the last failure" }).waitFor();
    assert.deepEqual(faults(), []);
  });

  test("shows a hostile receiver's response as text", async () => {
    const { page, faults } = await openConnection("Hostile");
    const attack = `<img src=x onerror="document.title='taken'"><script>document.title='taken'</script>`;
    receiver.respond = (response) => {
      response.writeHead(500, { "x-attack": attack, "content-type": "text/html" });
      response.end(`${attack}\u202Eexe.txt\u0000\u001b[2J${"long ".repeat(2000)}${"x".repeat(4000)}`);
    };
    await page.getByRole("button", { name: "Send test event" }).click();
    const panel = page.getByRole("region", { name: "Response", exact: true });
    await panel.waitFor();

    const text = (await panel.textContent()) ?? "";
    assert.ok(text.includes(attack));
    assert.ok(text.includes("⟨U+202E⟩exe.txt␀␛[2J"));
    assert.equal(await panel.locator("img, script").count(), 0);
    assert.equal(await page.title(), "Hostile · OpenSend");
    assert.ok(!text.includes("\u202E"));
    const overflow = await page.evaluate<number>("document.documentElement.scrollWidth - innerWidth");
    assert.ok(overflow <= 0, "long lines wrap inside their panel");
    const height = (await panel.getByRole("region", { name: "Body" }).boundingBox())?.height ?? 0;
    assert.ok(height > 0 && height <= 330, "a long body scrolls inside its panel");
    assert.deepEqual(faults(), []);
  });

  test("keeps the page working when one panel gets invalid data", async () => {
    const { page } = await openConnection("Broken");
    await page.route("**/test", (route) =>
      route.fulfill({ json: { object: "integration_test_event", connection: null, delivery: {} } }),
    );
    await page.getByRole("button", { name: "Send test event" }).click();
    await page.getByText("cannot be shown").waitFor();
    assert.ok(await page.getByRole("heading", { name: "Broken", level: 1 }).isVisible());
    assert.ok(await page.getByText("OK", { exact: true }).isVisible());
  });
});
