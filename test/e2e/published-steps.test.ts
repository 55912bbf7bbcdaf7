import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { after, before, describe, test } from "node:test";
import type { Browser } from "playwright-core";
import type { ApiClient } from "../support/api-client.ts";
import { browserMissing, launchBrowser, openPage, until } from "../support/browser.ts";
import { startOwnedServer } from "../support/dashboard.ts";
import { startTestReceiver, type TestReceiver } from "../support/receiver.ts";
import type { RunningServer } from "../support/server.ts";

const SECRET = "optional-shared-secret";

describe("the published steps", { skip: browserMissing }, () => {
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

  test("work word for word", async () => {
    const { page, faults } = await openPage(browser, { url: server.url, cookie: owner.cookie });
    const url = `${receiver.url}/hooks/catch/123/abc`;

    // Open Integrations.
    await page.goto("/api-keys");
    await page.getByRole("link", { name: "Integrations" }).click();
    await page.getByText("Uninstalled", { exact: true }).waitFor();

    // Choose Webhook / Zapier.
    await page.getByRole("link", { name: "Webhook / Zapier" }).click();

    // Enter the webhook URL from your automation tool.
    await page.getByLabel("Webhook URL").fill(url);

    // Optionally enter a signing secret if the receiving workflow verifies x-opensend-signature.
    await page.getByLabel("Signing secret", { exact: true }).fill(SECRET);

    // Save the connector, then click Send test event.
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await page.getByRole("button", { name: "Send test event" }).click();
    const outcome = page.getByRole("region", { name: "Outcome" });
    await outcome.getByText("Delivered", { exact: true }).waitFor();

    const [request] = receiver.received;
    assert.ok(request);
    assert.equal(request.path, "/hooks/catch/123/abc");
    const signed = `${request.headers["x-opensend-timestamp"]}.${request.body}`;
    assert.equal(
      request.headers["x-opensend-signature"],
      createHmac("sha256", SECRET).update(signed).digest("hex"),
    );
    assert.equal(JSON.parse(request.body).type, "integration.test");

    // The dashboard shows installed/uninstalled state, health, last event time, and a redacted endpoint preview.
    await page.getByRole("link", { name: "Integrations" }).first().click();
    const card = page.getByRole("region", { name: "Webhook / Zapier" });
    await card.getByText("Installed", { exact: true }).waitFor();
    await card.getByText("Healthy", { exact: true }).waitFor();
    await card.getByText("just now").waitFor();
    await card.getByText(`${receiver.url}/hooks/…`).waitFor();

    // The full webhook URL and signing secret are not shown again after save.
    const html = await page.content();
    assert.ok(!html.includes("/catch/123"));
    assert.ok(!html.includes(SECRET));
    assert.deepEqual(faults(), []);
  });

  test("connect and test in one click, with a name derived from the URL", async () => {
    const { page, faults } = await openPage(browser, { url: server.url, cookie: owner.cookie });
    await page.goto("/integrations/webhook");
    await page.getByRole("button", { name: "Connect another" }).click();
    await page.getByLabel("Webhook URL").fill(`${receiver.url}/webhook-test/abc`);
    await page.getByText("This is an n8n test URL").waitFor();
    await until(page, "document.querySelector('[name=name]').value === 'n8n webhook'");
    await page.getByLabel("Webhook URL").fill(`${receiver.url}/webhook/5f0c7a1e-93d2-4b7e-8a61-c2d94e7f0b13`);
    await page.getByText("This is an n8n test URL").waitFor({ state: "detached" });

    await page.getByRole("button", { name: "Generate a signing secret" }).click();
    assert.match(await page.getByLabel("Signing secret", { exact: true }).inputValue(), /^whsec_.{44}$/);
    await page.getByRole("button", { name: "Connect and send test" }).click();
    await page.getByRole("region", { name: "Outcome" }).getByText("Delivered", { exact: true }).waitFor();
    await page.getByRole("heading", { name: "n8n webhook", level: 1 }).waitFor();
    assert.ok(receiver.received.at(-1)?.headers["webhook-signature"]);
    assert.deepEqual(faults(), []);
  });

  test("say why a URL cannot be saved, and keep the input", async () => {
    const { page } = await openPage(browser, {
      url: server.url,
      cookie: owner.cookie,
      expectedStatuses: [422],
    });
    await page.goto("/integrations/webhook");
    await page.getByRole("button", { name: "Connect another" }).click();
    await page.getByLabel("Webhook URL").fill("https://10.0.0.7/hook");
    await page.getByRole("button", { name: "Save", exact: true }).click();
    const field = page.getByLabel("Webhook URL");
    await until(page, "document.activeElement.ariaInvalid === 'true'");
    assert.equal(await field.inputValue(), "https://10.0.0.7/hook");
    const described = await field.getAttribute("aria-describedby");
    const message = await page.locator(`[id="${described?.split(" ")[0]}"]`).textContent();
    assert.match(message ?? "", /private|public/);

    await page.getByLabel("Name").fill("\u200b");
    await field.fill("https://hooks.zapier.com/hooks/…");
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await page.getByText(/This is a shortened URL.*Copy the whole URL/).waitFor();
    await page.getByText("Must contain a visible character.").waitFor();
  });
});
