import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Browser } from "playwright-core";
import type { ApiClient } from "../support/api-client.ts";
import { browserMissing, launchBrowser, openPage } from "../support/browser.ts";
import { complaints } from "../support/complaints.ts";
import { connect, startOwnedServer } from "../support/dashboard.ts";
import { startTestReceiver, type TestReceiver } from "../support/receiver.ts";
import type { RunningServer } from "../support/server.ts";
import { holdAnswers } from "./hold-answers.ts";

describe("while an answer is on its way", { skip: browserMissing }, () => {
  let browser: Browser;
  let server: RunningServer;
  let owner: ApiClient;
  let receiver: TestReceiver;
  let connectionId: string;
  before(async () => {
    let owned: Awaited<ReturnType<typeof startOwnedServer>>;
    [browser, owned, receiver] = await Promise.all([
      launchBrowser(),
      startOwnedServer(),
      startTestReceiver(),
    ]);
    ({ server, owner } = owned);
    connectionId = await connect(owner, {
      name: "Signed",
      webhook_url: `${receiver.url}/hook`,
      signing_secret: "first-secret",
    });
  });
  after(() => Promise.all([browser.close(), server.stop(), receiver.close()]));

  const open = async (path: string, expectedStatuses: number[] = []) => {
    const watched = await openPage(browser, { url: server.url, cookie: owner.cookie, expectedStatuses });
    await watched.page.goto(path);
    return watched;
  };

  const shownOnce = [
    {
      what: "a key",
      at: () => "/api-keys",
      opens: "Create key",
      field: "Name",
      value: "Backend",
      makes: "Create key",
      path: "**/api/api-keys",
      shown: "Store this key now",
    },
    {
      what: "an invitation",
      at: () => "/members",
      opens: "Invite",
      field: "Email",
      value: "grace@example.com",
      makes: "Create link",
      path: "**/api/invitations",
      shown: "Send this link now",
    },
    {
      what: "a rotated secret",
      at: () => `/integrations/connections/${connectionId}/settings`,
      opens: "Rotate secret",
      field: "New secret",
      value: "",
      makes: "Rotate",
      path: "**/rotate-secret",
      shown: "Store this secret now",
    },
  ];
  for (const { what, at, opens, field, value, makes, path, shown } of shownOnce) {
    test(`${what} that is being made cannot be left, since it is shown only once`, async () => {
      const { page, faults, close } = await open(at());
      const answers = await holdAnswers(page, "POST", path);
      await page.getByRole("button", { name: opens, exact: true }).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByLabel(field).fill(value);
      await dialog.getByRole("button", { name: makes, exact: true }).click();
      await answers.happened;

      const cancel = dialog.getByRole("button", { name: "Cancel" });
      assert.equal(await cancel.getAttribute("aria-disabled"), "true");
      assert.equal(await dialog.getByRole("button", { name: "Close" }).count(), 0);
      await page.keyboard.press("Escape");
      await page.mouse.click(5, 5);
      await cancel.click({ force: true });
      await page.getByRole("tooltip").getByText("It is being made, and will be shown only once.").waitFor();
      assert.deepEqual(await complaints(page), []);

      answers.letThrough();
      await dialog.getByRole("heading", { name: shown }).waitFor();
      assert.equal(answers.calls(), 1);
      assert.deepEqual(faults(), []);
      await close();
    });
  }

  test("making that failed leaves the dialog free to go", async () => {
    const { page, faults, close } = await open("/api-keys", [503]);
    await page.route("**/api/api-keys", (route) =>
      route.request().method() === "POST" ? route.fulfill({ status: 503 }) : route.fallback(),
    );
    await page.getByRole("button", { name: "Create key" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Name").fill("Never made");
    await dialog.getByRole("button", { name: "Create key" }).click();
    await dialog.getByRole("alert").waitFor();
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    assert.deepEqual(faults(), []);
    await close();
  });
});
