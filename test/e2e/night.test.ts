import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { setTimeout } from "node:timers/promises";
import type { Browser, Locator, Page } from "playwright-core";
import { openStore } from "../../src/db/open.ts";
import { ATTEMPTS_MAX } from "../../src/domain/retry-schedule.ts";
import { type ApiClient, OWNER } from "../support/api-client.ts";
import { browserMissing, launchBrowser, openPage } from "../support/browser.ts";
import { connect, signInViewer, startOwnedServer } from "../support/dashboard.ts";
import { startMailServer, type TestMailServer, textOf } from "../support/mail-server.ts";
import { startTestReceiver, type TestReceiver } from "../support/receiver.ts";
import type { RunningServer } from "../support/server.ts";
import { until } from "../support/until.ts";

const DELIVERIES = 4000;
const BATCH = 1000;
const ACTIONS_MAX = 8;
/** A replay of an issue starts up to 100 deliveries per second. */
const REPLAY_MS_MAX = 100_000;
const POLL_MS = 200;

const RECEIVER_BODY = "Unknown signature: the signing secret was rotated at 22:00.";
const ALL = DELIVERIES.toLocaleString("en");

describe("thousands of deliveries that fail overnight", { skip: browserMissing }, () => {
  let browser: Browser;
  let server: RunningServer;
  let owner: ApiClient;
  let receiver: Receiver;
  let mailServer: TestMailServer;
  let fraud: string;
  before(async () => {
    mailServer = await startMailServer();
    let owned: Awaited<ReturnType<typeof startOwnedServer>>;
    [browser, receiver, owned] = await Promise.all([
      launchBrowser(),
      startReceiver(),
      startOwnedServer({
        OPENSEND_SMTP_URL: `smtp://127.0.0.1:${mailServer.port}`,
        OPENSEND_MAIL_FROM: "opensend@example.com",
      }),
    ]);
    ({ server, owner } = owned);
    fraud = await connect(owner, { name: "Fraud scoring", webhook_url: `${receiver.url}/fraud` });
    const [member] = (await owner.get("/api/members")).body.data;
    const alert = { name: "On call", condition: "connection_failing", threshold: 0, member_ids: [member.id] };
    assert.equal((await owner.post("/api/alerts", alert)).status, 201);
    await failAll(server, owner, fraud);
  });
  after(() => Promise.all([browser.close(), server.stop(), receiver.close(), mailServer.close()]));

  const mails = (subject: RegExp) => mailServer.mails.filter(({ raw }) => subject.test(raw));
  const open = async (client: ApiClient) => {
    const watched = await openPage(browser, { url: server.url, cookie: client.cookie });
    await watched.page.goto("/");
    return watched;
  };
  const issueOf = (page: Page) =>
    page.getByRole("list", { name: "Open issues" }).getByRole("link", { name: /^Open: Fraud scoring/ });
  const seesCause = async (page: Page) => {
    await page.getByRole("heading", { name: "401 Unauthorized", level: 1 }).waitFor();
    await page.getByText(RECEIVER_BODY).waitFor();
    const advice = page.getByRole("region", { name: "The receiver rejected the request (401)" });
    assert.match((await advice.textContent()) ?? "", /The response body says why\./);
    const state = page.getByRole("region", { name: "State" });
    assert.match(
      (await state.textContent()) ?? "",
      new RegExp(`Failed deliveries${ALL}.*Waiting deliveries0`),
    );
  };

  test("wake the person on call by mail", async () => {
    await until(() => mails(/^Subject: .*Fraud scoring is failing/m).length > 0, "the alert's mail arrives");
    const [mail] = mailServer.mails;
    assert.deepEqual(mail?.to, [OWNER.email]);
    assert.ok(textOf(mail).includes(`/integrations/connections/${fraud}`));
    assert.equal(mailServer.mails.length, 1, "thousands of failures make one mail");
  });

  test("show a viewer the cause, and why it cannot be replayed", async () => {
    const { page, faults, close } = await open(await signInViewer(server));
    await issueOf(page).click();
    await seesCause(page);
    const replay = page.getByRole("button", { name: /^Replay when fixed/ });
    assert.equal(await replay.getAttribute("aria-disabled"), "true");
    await replay.focus();
    await page.locator("text=Viewers can look but not change. >> visible=true").waitFor();
    assert.deepEqual(faults(), []);
    await close();
  });

  test("are all delivered a few actions later, and not reported as delivered before that", async (t) => {
    const { page, faults, close } = await open(owner);
    const person = new CountedPerson();
    const progress = page.getByRole("region", { name: "Progress" });
    const requestsBefore = receiver.received.length;

    await page.getByText(`${ALL} deliveries failed`).waitFor();
    await person.click(issueOf(page));
    await seesCause(page);
    await person.click(page.getByRole("button", { name: /^Replay when fixed/ }));
    await page.getByText(`0 of ${ALL} done`).waitFor();
    await progress.getByText("Waiting for receiver").waitFor();
    await person.click(page.getByRole("main").getByRole("link", { name: "Fraud scoring" }).first());
    await page.getByText("Failing", { exact: true }).waitFor();
    assert.equal(receiver.received.length, requestsBefore, "nothing is sent to a receiver that still fails");

    const respond = receiver.recover();
    await person.click(page.getByRole("button", { name: "Send test event" }));
    await page.getByText(/^Waiting for the first byte…/).waitFor();
    for (const name of ["Test event", "Recent deliveries"])
      assert.doesNotMatch((await page.getByRole("region", { name }).textContent()) ?? "", /Delivered/);
    assert.deepEqual((await owner.get("/api/deliveries?status=delivered")).body.data, []);
    respond();
    const outcome = page.getByRole("region", { name: "Outcome" });
    await outcome.getByText("Delivered", { exact: true }).waitFor();

    await person.goBack(page);
    const replayId = new URL(page.url()).pathname.split("/").at(-1);
    await untilDone(progress, async () => {
      const { data } = (await owner.get(`/api/deliveries/replays/${replayId}`)).body;
      assert.ok(data.delivered < receiver.accepted.size, "the API is not ahead of the receiver");
    });
    await person.click(page.getByRole("navigation").getByRole("link", { name: "Overview" }).first());
    await page.getByText("No open issues.").waitFor();

    assert.equal(receiver.accepted.size, DELIVERIES + 1, "every delivery arrived, and the test event");
    for (const status of ["failed", "pending", "cancelled"])
      assert.deepEqual((await owner.get(`/api/deliveries?status=${status}`)).body.data, [], status);
    assert.equal(mailServer.mails.length, 1, "a recovery is mailed when it has lasted for five minutes");
    t.diagnostic(`${person.actions} actions`);
    assert.ok(person.actions <= ACTIONS_MAX);
    assert.deepEqual(faults(), []);
    await close();
  });

  /** Follows a replay's page to its end, and checks that it never shows more than the receiver has accepted. */
  const untilDone = async (progress: Locator, check: () => Promise<void>) => {
    const deadline = Date.now() + REPLAY_MS_MAX;
    for (let shown = 0; shown < DELIVERIES; ) {
      const words = (await progress.textContent()) ?? "";
      shown = Number(/Delivered([\d,]+)Failed0/.exec(words)?.[1]?.replaceAll(",", "") ?? assert.fail(words));
      assert.ok(shown < receiver.accepted.size, "the page is not ahead of the receiver");
      await check();
      await setTimeout(POLL_MS);
      assert.ok(Date.now() < deadline, words);
    }
    await progress.getByText("Completed").waitFor();
    await progress.getByText(`${ALL} of ${ALL} done`).waitFor();
  };
});

/** Counts a person's actions: clicks, key presses and steps back. */
class CountedPerson {
  actions = 0;

  async click(target: Locator): Promise<void> {
    this.actions += 1;
    await target.click();
  }

  async goBack(page: Page): Promise<void> {
    this.actions += 1;
    await page.goBack();
  }
}

type Receiver = TestReceiver & {
  /** Ids of the messages that got a 2xx response. */
  readonly accepted: ReadonlySet<string>;
  /** Accepts everything from now on. The response to the next request waits for a call of the returned function. */
  readonly recover: () => () => void;
};

/** A receiver that rejects every signature until `recover` is called. */
async function startReceiver(): Promise<Receiver> {
  const receiver = await startTestReceiver();
  const accepted = new Set<string>();
  receiver.respond = (response) => response.writeHead(401).end(RECEIVER_BODY);
  const recover = () => {
    let acceptFirst = () => {};
    receiver.respond = (first, firstRequest) => {
      const accept: TestReceiver["respond"] = (response, { headers }) => {
        accepted.add(String(headers["webhook-id"]));
        response.writeHead(204).end();
      };
      receiver.respond = accept;
      acceptFirst = () => accept(first, firstRequest);
    };
    return () => acceptFirst();
  };
  return Object.assign(receiver, { accepted, recover });
}

/** Creates events whose deliveries are at their last attempt, because the attempts before it take three days. */
async function failAll(server: RunningServer, owner: ApiClient, connectionId: string): Promise<void> {
  const connection = `/api/integrations/connections/${connectionId}`;
  await owner.post(`${connection}/pause`);
  for (let sent = 0; sent < DELIVERIES; sent += BATCH) {
    const events = Array.from({ length: BATCH }, (_, n) => ({ type: "payment.made", data: { n: sent + n } }));
    assert.equal((await owner.post("/api/events/batch", events)).status, 202);
  }
  const place = { databaseUrl: null, dataDir: server.dataDir, onConnectionError: () => undefined };
  const store = openStore(place);
  await store.db
    .updateTable("deliveries")
    .set({ attempt_count: ATTEMPTS_MAX - 1 })
    .where("connection_id", "=", connectionId)
    .execute();
  await store.close();
  await owner.post(`${connection}/resume`);
  await until(async () => {
    const [issue] = (await owner.get("/api/issues")).body.data;
    return issue?.failed_deliveries === DELIVERIES;
  }, "every delivery has failed");
}
