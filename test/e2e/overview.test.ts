import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import type { ApiClient } from "../support/api-client.ts";
import { browserMissing, launchBrowser, openPage } from "../support/browser.ts";
import { connect, signInViewer, startOwnedServer } from "../support/dashboard.ts";
import { pageViolations } from "../support/page-violations.ts";
import { startTestReceiver, type TestReceiver } from "../support/receiver.ts";
import type { RunningServer } from "../support/server.ts";
import { until } from "../support/until.ts";
import { awaitDeliveries } from "./await-deliveries.ts";

const EVENTS = 12;

describe("the overview", { skip: browserMissing }, () => {
  let browser: Browser;
  let server: RunningServer;
  let owner: ApiClient;
  let viewer: ApiClient;
  let receiver: TestReceiver;
  before(async () => {
    let owned: Awaited<ReturnType<typeof startOwnedServer>>;
    [browser, owned, receiver] = await Promise.all([
      launchBrowser(),
      startOwnedServer(),
      startTestReceiver(),
    ]);
    ({ server, owner } = owned);
    receiver.respond = (response, { path }) => {
      if (path === "/fraud") response.writeHead(401, { "retry-after": "3600" }).end("Unknown signature.");
      else response.writeHead(200).end();
    };
  });
  after(() => Promise.all([browser.close(), server.stop(), receiver.close()]));

  const open = async (path: string, client = owner, expectedStatuses: readonly number[] = [422]) => {
    const watched = await openPage(browser, { url: server.url, cookie: client.cookie, expectedStatuses });
    await watched.page.goto(path);
    await watched.page.getByRole("heading", { level: 1 }).waitFor();
    return watched;
  };
  const chart = (page: Page) => page.getByRole("slider", { name: /^Delivery attempts/ });
  const searchOf = (page: Page) => new URL(page.url()).searchParams;

  test("of an empty workspace shows only the first steps", async () => {
    const { page, faults } = await open("/");
    const steps = page.getByRole("region", { name: "Get started" });
    await steps.getByText("0 of 5 done").waitFor();
    assert.equal(await page.getByRole("heading", { name: "Issues" }).count(), 0);
    assert.equal(await page.getByRole("navigation", { name: "Time range" }).count(), 0);
    await steps.getByRole("link", { name: "Connect" }).click();
    await page.waitForURL("**/integrations/webhook");
    assert.deepEqual(faults(), []);
  });

  test("shows what is wrong, since when and how often, in the receiver's words", async () => {
    await connect(owner, {
      name: "Billing",
      webhook_url: `${receiver.url}/billing`,
      signing_secret: "a-signing-secret",
    });
    await connect(owner, { name: "Fraud scoring", webhook_url: `${receiver.url}/fraud` });
    viewer = await signInViewer(server);
    await owner.post("/api/events/batch", Array(EVENTS).fill({ type: "order.paid", data: {} }));
    await awaitDeliveries(owner, "status=delivered", EVENTS);
    await awaitDeliveries(owner, "response=4xx", 1);
    await until(async () => {
      const { data } = (await owner.get("/api/statistics")).body;
      const issues = (await owner.get("/api/issues")).body.data;
      return data.series[0].total.delivered === EVENTS && issues[0]?.waiting_deliveries === EVENTS;
    });
    const { page, faults } = await open("/");
    const issue = page.getByRole("list", { name: "Open issues" }).getByRole("listitem");
    assert.equal(await issue.count(), 1);
    const words = (await issue.textContent()) ?? "";
    assert.match(words, /Fraud scoring · 401 Unauthorized/);
    assert.match(words, /\d+ attempts? failed, 12 waiting, since (\w+ \d+, )?\d\d:\d\d/);
    assert.match(words, /Unknown signature\./);
    const traffic = page.getByRole("region", { name: "Traffic" });
    assert.match((await traffic.textContent()) ?? "", /Events12.*Backlog12pending deliveries now/);
    assert.deepEqual(await pageViolations(page), []);
    assert.deepEqual(faults(), []);
  });

  test("keeps its range in the URL", async () => {
    const { page } = await open("/");
    const ranges = page.getByRole("navigation", { name: "Time range" });
    await ranges
      .getByRole("link", { name: "24 h", exact: true })
      .and(page.locator("[aria-current]"))
      .waitFor();
    await ranges.getByRole("link", { name: "1 h", exact: true }).click();
    await page.waitForURL("**/?range=1h");
    await ranges
      .getByRole("link", { name: "1 h", exact: true })
      .and(page.locator("[aria-current]"))
      .waitFor();
    assert.equal(await ranges.locator("[aria-current]").count(), 1);
    await page.getByRole("slider", { name: "Delivery attempts, last hour" }).waitFor();
    await page.reload();
    await page.getByRole("slider", { name: "Delivery attempts, last hour" }).waitFor();
  });

  test("has a chart that can be read and used by keyboard", async () => {
    const { page, faults } = await open("/?range=1h");
    await chart(page).focus();
    await page.keyboard.press("End");
    const said = async () => (await chart(page).getAttribute("aria-valuetext")) ?? "";
    assert.match(await said(), /^\w+ \d+, \d\d:\d\d to (\w+ \d+, )?\d\d:\d\d: \d+ delivered, \d+ failed$/);
    const one = await said();
    await page.keyboard.press("ArrowLeft");
    assert.notEqual(await said(), one);
    await page.keyboard.press("Shift+Home");
    assert.match(await said(), /12 delivered|0 delivered/);
    await page.keyboard.press("Enter");
    await page.waitForURL("**/deliveries?*");
    const { from, before: until } = Object.fromEntries(searchOf(page));
    const minutes = (Date.parse(until ?? "") - Date.parse(from ?? "")) / 60_000;
    assert.equal(minutes, 59);
    assert.deepEqual(faults(), []);
  });

  test("shows the chart's numbers in a table too", async () => {
    const { page } = await open("/?range=1h");
    const table = page.getByRole("table", { name: "Delivery attempts, last hour" });
    const cells = await table.getByRole("row").allTextContents();
    assert.ok(cells.length >= 2);
    assert.ok(cells.slice(1).some((row) => /12|[1-9]/.test(row)));
  });

  test("opens the deliveries of a range selected in the chart", async () => {
    const { page, faults } = await open("/?range=1h");
    await chart(page).scrollIntoViewIfNeeded();
    const box = (await chart(page).boundingBox()) ?? assert.fail("the chart is not shown");
    const y = box.y + box.height / 2;
    await page.mouse.move(box.x + box.width - 4, y);
    await page.getByText("Failed share").waitFor();
    await page.mouse.down();
    await page.mouse.move(box.x + box.width / 2, y, { steps: 4 });
    await page.mouse.up();
    await page.waitForURL("**/deliveries?*");
    const [from, before] = [searchOf(page).get("from") ?? "", searchOf(page).get("before") ?? ""];
    const minutes = (Date.parse(before) - Date.parse(from)) / 60_000;
    assert.ok(minutes >= 28 && minutes <= 33, `${minutes} minutes`);
    await page.getByText("order.paid").first().waitFor();
    assert.deepEqual(faults(), []);
  });

  test("is read-only for viewers, and says why", async () => {
    const { page, faults } = await open("/", viewer);
    const mute = page.getByRole("button", { name: /^Mute: Fraud scoring/ });
    assert.equal(await mute.getAttribute("aria-disabled"), "true");
    await mute.focus();
    await page.locator("text=Viewers can look but not change. >> visible=true").waitFor();
    await page.getByRole("link", { name: "Open: Fraud scoring, 401 Unauthorized" }).click();
    await page.getByRole("heading", { name: "401 Unauthorized", level: 1 }).waitFor();
    await page.getByText("Unknown signature.").waitFor();
    await page.getByRole("link", { name: "Waiting deliveries" }).waitFor();
    assert.equal(await page.getByRole("link", { name: "Failed deliveries" }).count(), 0, "none was given up");
    assert.equal(
      (await viewer.patch(new URL(page.url()).pathname.replace("/", "/api/"), { state: "muted" })).status,
      403,
    );
    assert.deepEqual(await pageViolations(page), []);
    assert.deepEqual(faults(), []);
  });

  test("counts connections by state and lists those in trouble", async () => {
    const { page, faults } = await open("/api-keys");
    const entry = (await owner.get("/api/integrations")).body.data[0];
    const counts = { failing: 11, held: 0, paused: 2, ok: 190, idle: 1, disconnected: 60 };
    await page.route("**/api/integrations", (route) =>
      route.fulfill({
        json: { object: "integration_catalog", data: [{ ...entry, connection_counts: counts }] },
      }),
    );
    let requested = "";
    await page.route("**/api/integrations/connections?*", (route) => {
      requested = new URL(route.request().url()).search;
      const connection = {
        ...entry.connection,
        state: "failing",
        state_since: new Date(Date.now() - 3_600_000).toISOString(),
        pending_count: 1164,
      };
      return route.fulfill({
        json: { object: "list", data: [connection], has_more: true, next_cursor: "x" },
      });
    });
    await page.goto("/");
    const region = page.getByRole("region", { name: "Connections that need attention" });
    await region.getByText("204 connections").waitFor();
    await region.getByRole("link", { name: "Fraud scoring" }).waitFor();
    assert.match((await region.textContent()) ?? "", /: 11 failing, 2 paused, 1 idle/);
    assert.match((await region.getByRole("listitem").textContent()) ?? "", /Failing.*since .*1,164 waiting/);
    assert.equal(requested, "?sort=attention&state=failing%2Cheld%2Cpaused&limit=10");
    assert.deepEqual(await pageViolations(page), []);
    assert.deepEqual(faults(), []);
  });

  test("retries an issue's pending deliveries, and replays the failed ones once its receiver recovers", async () => {
    const issue = (await owner.get("/api/issues")).body.data[0];
    const { page, faults } = await open("/");
    const replay = page.getByRole("button", { name: /^Replay when fixed: Fraud scoring/ });
    const retried = page.waitForRequest("**/api/deliveries/retry-pending");
    await page.getByRole("button", { name: /^Retry waiting now: Fraud scoring/ }).click();
    assert.deepEqual((await retried).postDataJSON(), { filter: { connection_id: issue.connection_id } });
    await page
      .getByText(/moved to now\. Each is delivered/)
      .first()
      .waitFor();
    assert.equal(await replay.count(), 0, "nothing has failed permanently");

    const failed = { ...issue, failed_deliveries: 422 };
    await page.route("**/api/issues?*", (route) =>
      route.fulfill({ json: { object: "list", data: [failed], has_more: false, next_cursor: null } }),
    );
    let requested: Record<string, unknown> = {};
    await page.route("**/api/deliveries/replay", (route) => {
      requested = route.request().postDataJSON();
      return route.fulfill({ status: 422, json: { code: "validation_failed", detail: "Not here." } });
    });
    await page.reload();
    await page.getByText("422 deliveries failed, 12 waiting").waitFor();
    await replay.click();
    await page.getByRole("alert").filter({ hasText: "Not here." }).waitFor();
    assert.equal(requested["when"], "receiver_recovers");
    const { created_from, ...filter } = requested["filter"] as Record<string, unknown>;
    assert.deepEqual(filter, {
      status: ["failed"],
      connection_id: issue.connection_id,
      error_code: "http_status",
      response_status: "401",
    });
    assert.ok(Date.parse(String(created_from)) < Date.parse(issue.first_seen_at));
    assert.deepEqual(faults(), []);
  });

  test("mutes an issue, which moves to the muted ones", async () => {
    const { page, faults } = await open("/");
    await page.getByRole("button", { name: /^Mute: Fraud scoring/ }).click();
    await page.getByText("No open issues.").waitFor();
    await page.getByRole("link", { name: "All issues" }).click();
    await page.getByRole("heading", { name: "Issues", level: 1 }).waitFor();
    await page.getByText("No open issues").waitFor();
    await page.getByRole("link", { name: "Muted" }).click();
    await page.waitForURL("**/issues?state=muted");
    await page.getByRole("button", { name: /^Unmute: Fraud scoring/ }).click();
    await page.getByText("No issues match").waitFor();
    await page.getByRole("link", { name: "Open", exact: true }).click();
    await page.getByRole("button", { name: /^Mute: Fraud scoring/ }).waitFor();
    assert.deepEqual(faults(), []);
  });

  test("shows the first steps after the issues once there are events, and hides them permanently", async () => {
    const { page } = await open("/");
    const headings = () => page.locator("main h2").allTextContents();
    await page.getByRole("heading", { name: "Get started" }).waitFor();
    const names = await headings();
    assert.ok(names.indexOf("Issues") < names.indexOf("Get started"));
    await page.getByRole("button", { name: "Hide these steps" }).click();
    await page.getByRole("heading", { name: "Get started" }).waitFor({ state: "detached" });
    await page.reload();
    await page.getByRole("heading", { name: "Issues" }).waitFor();
    await page.getByRole("slider").waitFor();
    assert.equal(await page.getByRole("heading", { name: "Get started" }).count(), 0);
  });

  test("fits every width, and survives translation", async () => {
    const { page, faults } = await open("/");
    await chart(page).waitFor();
    for (const width of [375, 768, 853, 900, 1024, 1180, 1280, 1440, 1920]) {
      await page.setViewportSize({ width, height: 800 });
      const overflow = await page.evaluate("document.documentElement.scrollWidth - innerWidth");
      assert.ok(Number(overflow) <= 0, `${width} px`);
    }
    await page.evaluate(TRANSLATE);
    await page.getByRole("link", { name: "1 h", exact: true }).click();
    await page.waitForURL("**/?range=1h");
    await page.getByRole("slider", { name: "Delivery attempts, last hour" }).waitFor();
    assert.deepEqual(faults(), []);
  });
});

/** Replaces each text node with an element, as a browser's translation does. */
const TRANSLATE = `
  const walker = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode()) texts.push(walker.currentNode);
  for (const text of texts) {
    const font = document.createElement("font");
    font.textContent = text.data;
    text.replaceWith(font);
  }
`;
