import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { OWNER } from "../support/api-client.ts";
import { browserMissing, launchBrowser, openPage, until } from "../support/browser.ts";
import { startEmptyServer } from "../support/dashboard.ts";
import { startTestReceiver, type TestReceiver } from "../support/receiver.ts";

const SECONDS_MAX = 60;

const FOCUSED_NAME = "(document.activeElement.labels?.[0] ?? document.activeElement).textContent.trim()";

describe("the first run", { skip: browserMissing }, () => {
  let browser: Browser;
  let server: Awaited<ReturnType<typeof startEmptyServer>>;
  let receiver: TestReceiver;
  before(async () => {
    [browser, server, receiver] = await Promise.all([
      launchBrowser(),
      startEmptyServer(),
      startTestReceiver(),
    ]);
  });
  after(() => Promise.all([browser.close(), server.stop(), receiver.close()]));

  test("goes from the setup link to a delivered request with the keyboard alone", async (t) => {
    const { page, faults } = await openPage(browser, { url: server.url });
    const keyboard = new CountedKeyboard(page);
    const startedAt = performance.now();

    await page.goto(server.setupUrl);
    await keyboard.expectFocus("Email");
    assert.equal(new URL(page.url()).search, "", "the token leaves the address bar");
    await keyboard.type(OWNER.email);
    await keyboard.press("Tab");
    await keyboard.expectFocus("Password");
    await keyboard.type(OWNER.password);
    await keyboard.press("Enter");

    await page.waitForURL(`${server.url}/`);
    await keyboard.expectFocus("Overview");
    await keyboard.press("Tab");
    await keyboard.expectFocus("Connect");
    await keyboard.press("Enter");

    await page.waitForURL("**/integrations/webhook");
    await keyboard.expectFocus("Webhook / Zapier");
    await keyboard.press("Tab");
    await keyboard.expectFocus("Webhook URL");
    await keyboard.paste(`${receiver.url}/hooks/catch/first-run`);
    await keyboard.press("Enter");

    const outcome = page.getByRole("region", { name: "Outcome" });
    await outcome.getByText("Delivered", { exact: true }).waitFor();
    const seconds = (performance.now() - startedAt) / 1000;
    t.diagnostic(`${keyboard.keys} keys in ${seconds.toFixed(1)} s`);

    assert.match((await outcome.textContent()) ?? "", /200 OK in \d+ ms/);
    assert.equal(receiver.received.length, 1);
    const request = page.getByRole("region", { name: "Request", exact: true });
    const response = page.getByRole("region", { name: "Response", exact: true });
    const sent = request.getByRole("region", { name: "request body, as a tree" });
    const responseBody = response.getByRole("region", { name: "response body, as a tree" });
    assert.match((await sent.textContent()) ?? "", /integration\.test/);
    assert.match((await responseBody.textContent()) ?? "", /received/);
    assert.ok(await page.getByRole("heading", { name: "Next steps" }).isVisible());
    for (const next of ["Add a signing secret", "Create an API key", "Open members"])
      assert.ok(await page.getByRole("link", { name: next }).isVisible(), next);
    assert.ok(seconds < SECONDS_MAX);

    await page.getByRole("button", { name: /Account menu/ }).click();
    await page.getByRole("menuitem", { name: "Sign out" }).click();
    await page.waitForURL("**/sign-in");
    await page.getByLabel("Email").waitFor();
    assert.equal(await page.getByText("no owner yet").count(), 0);
    assert.deepEqual(faults(), []);
  });

  test("says that there is an owner when the link is opened again", async () => {
    const { page, faults } = await openPage(browser, { url: server.url });
    await page.goto(server.setupUrl);
    await page.getByText("This instance already has an owner.").waitFor();
    await page.getByRole("link", { name: "Sign in" }).click();
    await page.waitForURL("**/sign-in");
    assert.deepEqual(faults(), []);
  });
});

/** Counts key presses. A paste is one key with its modifier. */
class CountedKeyboard {
  keys = 0;
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  async press(key: string): Promise<void> {
    this.keys += 1;
    await this.#page.keyboard.press(key);
  }

  async type(text: string): Promise<void> {
    this.keys += text.length;
    await this.#page.keyboard.type(text);
  }

  async paste(text: string): Promise<void> {
    this.keys += 1;
    await this.#page.keyboard.insertText(text);
  }

  /** Waits until the element with this label or text has focus. */
  async expectFocus(name: string): Promise<void> {
    await until(this.#page, `${FOCUSED_NAME} === ${JSON.stringify(name)}`);
  }
}
