import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { INSPECTOR_RESPONSES } from "../../src/domain/inspector.ts";
import type { ApiClient } from "../support/api-client.ts";
import { browserMissing, launchBrowser, openPage, until } from "../support/browser.ts";
import { signInViewer, startOwnedServer } from "../support/dashboard.ts";
import { pageViolations } from "../support/page-violations.ts";
import type { RunningServer } from "../support/server.ts";
import { holdFrames } from "./hold-frames.ts";

const PATH = "/integrations/inspector";
const ROWS = "[...document.querySelectorAll('main li > [data-row]')]";
const OWN_SECRET = "a-wrong-secret-of-the-receiver";

describe("the inspector", { skip: browserMissing }, () => {
  let browser: Browser;
  let server: RunningServer;
  let owner: ApiClient;
  let id: string;
  before(async () => {
    let owned: Awaited<ReturnType<typeof startOwnedServer>>;
    [browser, owned] = await Promise.all([launchBrowser(), startOwnedServer()]);
    ({ server, owner } = owned);
  });
  after(() => Promise.all([browser.close(), server.stop()]));

  const open = async (path = PATH, options: { width?: 375; expectedStatuses?: number[] } = {}) => {
    const watched = await openPage(browser, {
      url: server.url,
      cookie: owner.cookie,
      recordsTraces: true,
      ...options,
    });
    // Requests that arrive before the stream is open are in the list; later ones are pushed.
    const following = watched.page.waitForResponse(/\/api\/stream/).catch(() => null);
    await watched.page.goto(path);
    await watched.page.getByRole("heading", { level: 1 }).waitFor();
    return { ...watched, following };
  };
  const sendTest = () => owner.post(`/api/integrations/connections/${id}/test`);
  const bodyTree = (page: Page) => page.getByRole("region", { name: "request body, as a tree" });
  const row = (page: Page, name: RegExp) => page.locator("[data-row]").filter({ hasText: name });

  test("is one click away from the connect form: connection, test event, delivered request", async () => {
    const { page, faults, close } = await open("/integrations/webhook");
    await page.getByRole("button", { name: "Use the built-in inspector" }).click();
    await page.getByRole("region", { name: "Outcome" }).getByText("Delivered", { exact: true }).waitFor();
    await page.getByRole("heading", { name: "Built-in inspector", level: 1 }).waitFor();
    const request = page.getByRole("region", { name: "Request", exact: true });
    assert.match(
      (await request.textContent()) ?? "",
      /https:\/\/inspector\.invalid\/….*x-opensend-signature/s,
    );
    assert.match(page.url(), /\/integrations\/connections\/[0-9a-f-]{36}$/);
    id = page.url().split("/").at(-1) ?? "";
    await page.getByRole("link", { name: "Open the inspector" }).first().click();
    await page.waitForURL(`**${PATH}`);
    await row(page, /Signature valid.*integration\.test.*Responded 200/).waitFor();
    assert.deepEqual(faults(), []);
    await close();
  });

  describe("with its connection", () => {
    beforeEach(async () => {
      await owner.patch("/api/inspector", { answer: "200", secret: null });
      await owner.post(`/api/integrations/connections/${id}/resume`);
      await owner.delete("/api/inspector/requests");
    });

    test("explains itself while it is empty, and shows new requests without a reload", async () => {
      const { page, faults, following, close } = await open();
      await page.getByText("No requests yet").waitFor();
      await following;
      await owner.post("/api/events", { type: "order.paid", data: { order_id: 42 } });
      await row(page, /Signature valid.*order\.paid/).click();
      const headers = page.getByRole("region", { name: "Request headers" });
      assert.match((await headers.textContent()) ?? "", /webhook-signature: v1,/);
      assert.match((await bodyTree(page).textContent()) ?? "", /"order_id": 42/);
      await page.getByRole("link", { name: "Open delivery" }).click();
      await page.getByRole("heading", { name: "order.paid" }).waitFor();
      assert.deepEqual(faults(), []);
      await close();
    });

    test("keeps requests that arrive while the list is reloaded", async () => {
      const { page, faults, close } = await openPage(browser, { url: server.url, cookie: owner.cookie });
      let readings = 0;
      let respond = () => {};
      const held = new Promise<void>((resolve) => {
        respond = resolve;
      });
      let hold = () => {};
      const isHeld = new Promise<void>((resolve) => {
        hold = resolve;
      });
      await page.route("**/api/inspector/requests", async (route) => {
        readings += 1;
        if (readings !== 2) return route.continue();
        // The reload when the stream opens, with the response from before any request arrived.
        const response = await route.fetch();
        hold();
        await held;
        await route.fulfill({ response }).catch(() => undefined); // the page may no longer be waiting for it
      });
      await page.goto(PATH);
      await isHeld;
      await owner.post("/api/events", { type: "first.came", data: {} });
      await row(page, /first\.came/).waitFor();
      const settled = page.waitForEvent("requestfinished", (request) =>
        request.url().endsWith("/api/inspector/requests"),
      );
      respond();
      await settled;
      await owner.post("/api/events", { type: "second.came", data: {} });
      await row(page, /second\.came/).waitFor();
      assert.equal(await row(page, /first\.came/).count(), 1);
      assert.deepEqual(faults(), []);
      await close();
    });

    test("moves no row under the pointer: new requests wait behind a pill", async () => {
      await sendTest();
      const { page, faults, following, close } = await open();
      await row(page, /integration\.test/).hover();
      await following;
      const top = `${ROWS}.at(-1).getBoundingClientRect().top`;
      const before = await page.evaluate(top);
      await sendTest();
      await page.getByRole("button", { name: "1 new" }).waitFor();
      await sendTest();
      await page.getByRole("button", { name: "2 new" }).waitFor();
      assert.equal(await page.evaluate(top), before);
      const frames = await holdFrames(page);
      await page.getByRole("button", { name: "2 new" }).click();
      await until(page, `${ROWS}.length === 3`);
      assert.ok(await page.evaluate(`document.activeElement === ${ROWS}[0]`));
      await page.keyboard.press("j");
      await frames.letThrough();
      assert.ok(await page.evaluate(`document.activeElement === ${ROWS}[1]`), "it stays where a key led it");
      await page.getByRole("heading", { level: 1 }).click();
      await until(page, `document.activeElement !== ${ROWS}[1]`);
      await sendTest();
      await until(page, `${ROWS}.length === 4`);
      assert.deepEqual(faults(), []);
      await close();
    });

    test("says why a signature is invalid, and does not store the secret", async () => {
      const { page, faults, traces, close } = await open();
      await page.getByLabel("A different secret", { exact: true }).fill(OWN_SECRET);
      await page.getByRole("button", { name: "Verify with this secret" }).click();
      await page.getByText("A different secret, entered here.").waitFor();
      assert.equal(await page.getByLabel("Replace the secret", { exact: true }).inputValue(), "");
      await page.getByRole("button", { name: "Send test event" }).click();
      await page
        .getByRole("region", { name: "Test result" })
        .getByText("Delivered", { exact: true })
        .waitFor();
      await row(page, /Signed with a different secret/).click();
      await page.getByText("not with the one it is verified with").waitFor();
      await page.getByText("Give the receiver the connection's signing secret").waitFor();
      await page.getByRole("button", { name: "Use the connection's secret" }).click();
      await page.getByText("like a correctly configured receiver").waitFor();
      await page.getByRole("button", { name: "Send test event" }).click();
      await page.getByRole("heading", { level: 1 }).click();
      await row(page, /Signature valid/).waitFor();
      const stored = await page.evaluate<string>(
        "JSON.stringify([{ ...localStorage }, { ...sessionStorage }, history.state]) + document.documentElement.outerHTML",
      );
      assert.ok(!stored.includes(OWN_SECRET));
      assert.deepEqual(faults(), []);
      await close(); // otherwise the stream's response would never end
      assert.ok(!(await traces()).includes(OWN_SECRET));
    });

    test("responds as chosen, also by keyboard, and says how OpenSend reacts", async () => {
      const { page, faults, close } = await open();
      await page.getByRole("radio", { name: "200 OK" }).focus();
      for (const choice of INSPECTOR_RESPONSES.slice(1)) {
        await page.keyboard.press("ArrowDown");
        await until(page, `document.querySelector("input[type=radio]:checked").value === "${choice}"`);
        const words = choice === "timeout" ? "no response" : choice === "redirect" ? "302" : choice;
        await page.getByText(`Saved. The next request gets ${words}.`).waitFor();
        assert.equal((await owner.get("/api/inspector")).body.data.settings.answer, choice);
      }
      await page.getByRole("radio", { name: "429" }).click();
      await page.getByLabel("Retry-After in seconds").fill("75");
      await page.getByRole("button", { name: "Set" }).click();
      await page.getByText("Saved. Retry-After is now 75 s.").first().waitFor();
      await page.getByRole("button", { name: "Send test event" }).click();
      const outcome = page.getByRole("region", { name: "Test result" });
      await outcome.getByText("It asks to wait 75 s.").waitFor();
      assert.deepEqual(faults(), []);
      await close();
    });

    test("reverts a choice that the server did not accept", async () => {
      const { page, close } = await open(PATH, { expectedStatuses: [503] });
      await page.route("**/api/inspector", (route) => {
        if (route.request().method() !== "PATCH") return route.continue();
        const problem = { code: "overloaded", title: "The server is temporarily unavailable", status: 503 };
        return route.fulfill({
          status: 503,
          contentType: "application/problem+json",
          body: JSON.stringify({ ...problem, detail: "The database is away.", type: "x", request_id: "x" }),
        });
      });
      await page.getByRole("radio", { name: "500" }).click();
      await page.getByRole("alert").getByText("The database is away.").waitFor();
      assert.ok(await page.getByRole("radio", { name: "200 OK" }).isChecked());
      await close();
    });

    test("immediately shows that a 410 paused its connection, and resumes it", async () => {
      await owner.patch("/api/inspector", { answer: "410" });
      const { page, faults, following, close } = await open();
      await following;
      await owner.post("/api/events", { type: "order.paid", data: {} });
      await page
        .getByText("OpenSend paused this connection because the receiver responded with 410 Gone.")
        .waitFor();
      await page.getByRole("radio", { name: "200 OK" }).click();
      await page.getByText("Saved. The next request gets 200.").waitFor();
      await page.getByRole("button", { name: "Resume" }).click();
      await row(page, /order\.paid.*Responded 200/).waitFor();
      await page.getByText("OpenSend paused this connection").waitFor({ state: "detached" });
      assert.deepEqual(faults(), []);
      await close();
    });

    test("shows any payload as text", async () => {
      const attack = `<img src=x onerror="document.title='taken'">\u202eexe`;
      await owner.post("/api/events", { type: "order.paid", data: { attack } });
      const { page, faults, close } = await open();
      await row(page, /order\.paid/).click();
      assert.match((await bodyTree(page).textContent()) ?? "", /<img src=x onerror=.*⟨U\+202E⟩exe/s);
      assert.equal(await page.locator("main img").count(), 0);
      assert.match(await page.title(), /^Inspector/);
      assert.deepEqual(faults(), []);
      await close();
    });

    test("works by keyboard: j and k move, Enter opens, and clearing asks first", async () => {
      await sendTest();
      await sendTest();
      const { page, faults, close } = await open();
      await until(page, `${ROWS}.length === 2`);
      await page.keyboard.press("j");
      await until(page, `document.activeElement === ${ROWS}[0]`);
      await page.keyboard.press("j");
      await until(page, `document.activeElement === ${ROWS}[1]`);
      await page.keyboard.press("Enter");
      await page.getByRole("link", { name: "Open delivery" }).waitFor();
      await page.keyboard.press("k");
      await until(page, `document.activeElement === ${ROWS}[0]`);
      await page.keyboard.press("Shift+Tab");
      await page.keyboard.press("Enter");
      await page.getByRole("alertdialog").waitFor();
      await page.keyboard.press("Escape");
      assert.equal((await owner.get("/api/inspector/requests")).body.data.length, 2);
      await page.getByRole("button", { name: "Clear" }).click();
      await page.getByRole("alertdialog").getByRole("button", { name: "Clear" }).click();
      await page.getByText("No requests yet").waitFor();
      await until(page, "document.activeElement !== document.body");
      assert.deepEqual((await owner.get("/api/inspector/requests")).body.data, []);
      assert.deepEqual(faults(), []);
      await close();
    });

    test("has no faults on a phone, with and without an open request", async () => {
      const { page, faults, close } = await open(PATH, { width: 375 });
      await page.getByText("No requests yet").waitFor();
      await page.getByRole("heading", { level: 1 }).focus();
      assert.deepEqual(await pageViolations(page), []);
      await page.getByRole("button", { name: "Send test event" }).click();
      await row(page, /integration\.test/).click();
      await bodyTree(page).waitFor();
      assert.deepEqual(await pageViolations(page), []);
      assert.deepEqual(faults(), []);
      await close();
    });

    test("is read-only for a viewer", async () => {
      await sendTest();
      const viewer = await signInViewer(server);
      const { page, faults, close } = await openPage(browser, { url: server.url, cookie: viewer.cookie });
      await page.goto(PATH);
      await row(page, /Signature valid/).click();
      await page.getByRole("region", { name: "Request headers" }).waitFor();
      await page
        .getByRole("region", { name: "Response" })
        .getByText("Viewers can look but not change.")
        .waitFor();
      for (const name of ["Send test event", "Verify with this secret", "Clear"]) {
        const button = page.getByRole("button", { name, exact: true });
        assert.equal(await button.getAttribute("aria-disabled"), "true", name);
      }
      const chosen = page.getByRole("radio", { name: "500" });
      assert.equal(await chosen.getAttribute("aria-disabled"), "true");
      await chosen.click({ force: true });
      assert.ok(await page.getByRole("radio", { name: "200 OK" }).isChecked());
      for (const [method, path, body] of [
        ["POST", "/api/integrations/inspector", undefined],
        ["PATCH", "/api/inspector", { answer: "500" }],
        ["DELETE", "/api/inspector/requests", undefined],
      ] as const) {
        assert.equal((await viewer.send(method, path, body)).status, 403, path);
      }
      assert.deepEqual(faults(), []);
      await close();
    });

    test("opens from the palette, and creates its connection on its own page", async () => {
      await owner.delete(`/api/integrations/connections/${id}`);
      const { page, faults, close } = await open("/integrations");
      await page.keyboard.press("Control+k");
      await page.getByPlaceholder("Type a name or paste an id").fill("insp");
      await page.getByRole("option", { name: "Inspector page" }).waitFor();
      await page.keyboard.press("Enter");
      await page.waitForURL(`**${PATH}`);
      await page.getByText("No connection uses the inspector yet").waitFor();
      assert.deepEqual(await pageViolations(page), []);
      await page.getByRole("button", { name: "Use the inspector" }).click();
      await page.getByRole("radio", { name: "200 OK" }).waitFor();
      await page.getByRole("button", { name: "Send test event" }).click();
      await row(page, /Signature valid/).waitFor();
      assert.deepEqual(faults(), []);
      await close();
    });
  });
});
