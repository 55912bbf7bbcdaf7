import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import type { ApiClient } from "../support/api-client.ts";
import { browserMissing, launchBrowser, openPage } from "../support/browser.ts";
import { signInViewer, startOwnedServer } from "../support/dashboard.ts";
import { pageViolations } from "../support/page-violations.ts";
import { startTestReceiver, type TestReceiver } from "../support/receiver.ts";
import type { RunningServer } from "../support/server.ts";
import { makeObjects, type Objects } from "./make-objects.ts";

const MOVING = "document.getAnimations().filter((one) => one.playState === 'running').length";

describe("system preferences", { skip: browserMissing }, () => {
  let browser: Browser;
  let server: RunningServer;
  let owner: ApiClient;
  let receiver: TestReceiver;
  let objects: Objects;
  before(async () => {
    let owned: Awaited<ReturnType<typeof startOwnedServer>>;
    [browser, owned, receiver] = await Promise.all([
      launchBrowser(),
      startOwnedServer(),
      startTestReceiver(),
    ]);
    ({ server, owner } = owned);
    objects = await makeObjects(owner, receiver);
  });
  after(() => Promise.all([browser.close(), server.stop(), receiver.close()]));

  const open = async (path: string, client: ApiClient = owner, width: 1280 | 375 = 1280) => {
    const watched = await openPage(browser, { url: server.url, cookie: client.cookie, width });
    await watched.page.emulateMedia({ forcedColors: "active", reducedMotion: "reduce" });
    await watched.page.goto(path);
    await watched.page.getByRole("heading", { level: 1 }).waitFor();
    return watched;
  };

  test("for colors keep the selected option visible", async () => {
    const { page, faults } = await open(`/integrations/connections/${objects.fresh}/verify`);
    for (const [chosen, other] of [
      ["nav[aria-label=Main] a[href='/integrations']", "nav[aria-label=Main] a[href='/events']"],
      ["nav a[href$='/verify']", "nav a[href$='/settings']"],
      ["[role=tab]:nth-child(1)", "[role=tab]:nth-child(2)"],
    ] as const) {
      const background = await styleOf(page, chosen, "backgroundColor");
      assert.notEqual(background, await styleOf(page, other, "backgroundColor"), chosen);
      assert.notEqual(background, await styleOf(page, chosen, "color"), chosen);
    }
    assert.deepEqual(faults(), []);
  });

  test("for colors keep disabled controls, focus and button borders visible", async () => {
    const { page } = await open(`/integrations/connections/${objects.fresh}`, await signInViewer(server));
    await page.getByRole("button", { name: "Send test event" }).waitFor();
    const disabled = "main [aria-disabled=true]";
    assert.notEqual(await styleOf(page, disabled, "color"), await styleOf(page, "h1", "color"));
    assert.equal(await styleOf(page, disabled, "borderStyle"), "solid");
    assert.notEqual(
      await styleOf(page, disabled, "borderColor"),
      await styleOf(page, "body", "backgroundColor"),
    );
    await page.keyboard.press("Tab");
    assert.equal(await outlineOfFocus(page), "solid 2px");
  });

  test("for colors cause no faults at either width", async () => {
    for (const width of [1280, 375] as const) {
      for (const path of [
        "/integrations",
        `/integrations/connections/${objects.failed}`,
        `/integrations/connections/${objects.fresh}/settings`,
        `/deliveries/${objects.retrying}`,
        "/events",
        "/api-keys",
      ]) {
        const { page, faults, close } = await open(path, owner, width);
        // The contrast is that of the system's colors, but axe reads the page's own colors.
        const found = (await pageViolations(page)).filter((one) => !one.includes("color-contrast"));
        assert.deepEqual(found, [], path);
        assert.deepEqual(faults(), []);
        await close();
      }
    }
  });

  test("for reduced motion stop all spinners, and only then", async () => {
    receiver.respond = () => undefined;
    const { page } = await open(`/integrations/connections/${objects.fresh}`);
    await page.getByRole("button", { name: "Send test event" }).click();
    await page.getByText("Sending").first().waitFor();
    assert.equal(await page.evaluate(MOVING), 0);
    await page.emulateMedia({ reducedMotion: "no-preference" });
    assert.notEqual(await page.evaluate(MOVING), 0);
  });
});

/** The computed value of a property of the first element that matches a selector. */
function styleOf(page: Page, selector: string, property: string): Promise<string> {
  const element = `document.querySelector(${JSON.stringify(selector)})`;
  return page.evaluate<string>(`getComputedStyle(${element}).${property}`);
}

function outlineOfFocus(page: Page): Promise<string> {
  const style = "getComputedStyle(document.activeElement)";
  return page.evaluate<string>(`${style}.outlineStyle + " " + ${style}.outlineWidth`);
}
