import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Browser } from "playwright-core";
import { type ApiClient, setUpOwner } from "../support/api-client.ts";
import { browserMissing, launchBrowser, openPage, type WatchedPage } from "../support/browser.ts";
import { startEmptyServer } from "../support/dashboard.ts";
import { pageViolations } from "../support/page-violations.ts";
import { startTestReceiver, type TestReceiver } from "../support/receiver.ts";
import { makeObjects, type Objects } from "./make-objects.ts";
import { STATES } from "./page-states.ts";

describe("accessibility", { skip: browserMissing }, () => {
  let browser: Browser;
  let server: Awaited<ReturnType<typeof startEmptyServer>>;
  let owner: ApiClient;
  let receiver: TestReceiver;
  let objects: Objects;

  before(async () => {
    [browser, server, receiver] = await Promise.all([
      launchBrowser(),
      startEmptyServer(),
      startTestReceiver(),
    ]);
  });
  after(() => Promise.all([browser.close(), server.stop(), receiver.close()]));

  test("setup", async () => {
    for (const width of [1280, 375] as const) {
      const watched = await openPage(browser, { url: server.url, width });
      await watched.page.goto(server.setupUrl);
      await watched.page.getByLabel("Email").waitFor();
      await watched.page.getByRole("button", { name: "Create account" }).click();
      await watched.page.getByText("Enter your email.").waitFor();
      assert.deepEqual(await pageViolations(watched.page), []);
      assert.deepEqual(watched.faults(), []);
      await watched.close();
    }
  });

  test("integrations page and connect form of an empty workspace", async () => {
    owner = await setUpOwner(server);
    for (const width of [1280, 375] as const) {
      const watched = await openPage(browser, { url: server.url, cookie: owner.cookie, width });
      for (const path of [
        "/",
        "/issues",
        "/integrations",
        "/integrations/webhook",
        "/integrations/inspector",
        "/deliveries",
        "/events",
        "/api-keys",
      ]) {
        await watched.page.goto(path);
        await watched.page.getByRole("heading", { level: 1 }).waitFor();
        assert.deepEqual(await pageViolations(watched.page), [], path);
      }
      assert.deepEqual(watched.faults(), []);
      await watched.close();
    }
  });

  test("creates the objects that the pages show", async () => {
    objects = await makeObjects(owner, receiver);
  });

  describe("in every state, wide and then at phone width,", () => {
    let anonymous: WatchedPage;
    let signedIn: WatchedPage;
    before(async () => {
      anonymous = await openPage(browser, { url: server.url });
      signedIn = await openPage(browser, { url: server.url, cookie: owner.cookie });
    });
    after(() => Promise.all([anonymous.close(), signedIn.close()]));

    for (const state of STATES) {
      test(state.name, async () => {
        const watched = state.anonymous ? anonymous : signedIn;
        const open = async (width: keyof typeof VIEWPORTS) => {
          const page = await watched.anotherPage(state.statuses);
          await page.setViewportSize(VIEWPORTS[width]);
          await page.goto(state.path(objects));
          await page.getByRole("heading", { level: 1 }).waitFor();
          await state.prepare?.(page);
          return page;
        };
        let page = await open("wide");
        assert.deepEqual(await pageViolations(page), [], "at 1280 px");
        assert.deepEqual(watched.faults(), []);
        // Reloading takes as long as the checks, so only states that depend on the width at opening are reloaded.
        if (state.opensByWidth) page = await open("narrow");
        else await page.setViewportSize(VIEWPORTS.narrow);
        await page.evaluate(
          "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))",
        );
        assert.deepEqual(await pageViolations(page), [], "at 375 px");
        assert.deepEqual(watched.faults(), []);
      });
    }
  });
});

const VIEWPORTS = { wide: { width: 1280, height: 800 }, narrow: { width: 375, height: 800 } };
