import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Browser } from "playwright-core";
import { type ApiClient, setUpOwner } from "../support/api-client.ts";
import { browserMissing, launchBrowser, openPage } from "../support/browser.ts";
import { complaints } from "../support/complaints.ts";
import { startEmptyServer } from "../support/dashboard.ts";
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
      assert.deepEqual(await complaints(watched.page), []);
      assert.deepEqual(watched.faults(), []);
      await watched.close();
    }
  });

  test("integrations and connect form of an empty workspace", async () => {
    owner = await setUpOwner(server);
    for (const width of [1280, 375] as const) {
      const watched = await openPage(browser, { url: server.url, cookie: owner.cookie, width });
      for (const path of [
        "/integrations",
        "/integrations/webhook",
        "/integrations/inspector",
        "/deliveries",
        "/events",
        "/api-keys",
      ]) {
        await watched.page.goto(path);
        await watched.page.getByRole("heading", { level: 1 }).waitFor();
        assert.deepEqual(await complaints(watched.page), [], path);
      }
      assert.deepEqual(watched.faults(), []);
      await watched.close();
    }
  });

  test("objects to look at", async () => {
    objects = await makeObjects(owner, receiver);
  });

  for (const width of [1280, 375] as const) {
    for (const state of STATES) {
      test(`${state.name} at ${width} px`, async () => {
        const watched = await openPage(browser, {
          url: server.url,
          cookie: state.anonymous ? null : owner.cookie,
          width,
          expectedStatuses: state.statuses ?? [],
        });
        const { page } = watched;
        await page.goto(state.path(objects));
        await page.getByRole("heading", { level: 1 }).waitFor();
        await state.prepare?.(page);
        assert.deepEqual(await complaints(page), []);
        assert.deepEqual(watched.faults(), []);
        await watched.close();
      });
    }
  }
});
