import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { ApiClient, OWNER } from "../support/api-client.ts";
import { browserMissing, launchBrowser, openPage } from "../support/browser.ts";
import { startOwnedServer } from "../support/dashboard.ts";
import { startMailServer, type TestMailServer, textOf } from "../support/mail-server.ts";
import { pageViolations } from "../support/page-violations.ts";
import { startTestReceiver, type TestReceiver } from "../support/receiver.ts";
import type { RunningServer } from "../support/server.ts";
import { until } from "../support/until.ts";

const NEW_PASSWORD = "a brand new password";

describe("alerts and mail", { skip: browserMissing }, () => {
  let browser: Browser;
  let server: RunningServer;
  let owner: ApiClient;
  let receiver: TestReceiver;
  let mailServer: TestMailServer;
  before(async () => {
    mailServer = await startMailServer();
    receiver = await startTestReceiver();
    let owned: Awaited<ReturnType<typeof startOwnedServer>>;
    [browser, owned] = await Promise.all([
      launchBrowser(),
      startOwnedServer({
        OPENSEND_SMTP_URL: `smtp://127.0.0.1:${mailServer.port}`,
        OPENSEND_MAIL_FROM: "opensend@example.com",
      }),
    ]);
    ({ server, owner } = owned);
  });
  after(() => Promise.all([browser.close(), server.stop(), receiver.close(), mailServer.close()]));

  const mails = (subject: RegExp) => mailServer.mails.filter(({ raw }) => subject.test(raw));

  const connect = async (name: string) => {
    const webhook_url = `${receiver.url}/${name}`;
    const response = await owner.post("/api/integrations/webhook", { name, webhook_url });
    assert.equal(response.status, 201, response.text);
    return response.body.data.id as string;
  };

  const createAlert = async (page: Page, name: string) => {
    await page.getByRole("button", { name: "New alert" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Name").fill(name);
    await dialog.getByLabel("After minutes").fill("0");
    await dialog.getByRole("checkbox", { name: /ada@example.com/ }).check();
    return dialog;
  };

  test("an alert is created, tested, edited and deleted, and sends a mail when a connection fails", async () => {
    await connect("pager");
    const watched = await openPage(browser, { url: server.url, cookie: owner.cookie });
    const { page } = watched;
    await page.goto("/settings");
    await page.getByRole("link", { name: "Alerts" }).click();
    await page.getByText("No alerts yet").waitFor();
    assert.deepEqual(await pageViolations(page), []);
    const dialog = await createAlert(page, "On call");
    const notified = dialog.getByLabel("Connection to notify");
    await notified.fill("pag");
    await page.getByRole("option", { name: /pager/ }).waitFor();
    await page.keyboard.press("Enter");
    assert.deepEqual(await pageViolations(page), []);
    await dialog.getByRole("button", { name: "Create alert" }).click();
    await dialog.waitFor({ state: "detached" });
    await page.getByText("Connection failing · immediately · all connections").waitFor();

    await page.getByRole("button", { name: "Send test of On call" }).click();
    await page.getByText("Mailed ada@example.com").waitFor();
    await page.getByText("Event delivered to pager").waitFor();
    assert.deepEqual(await pageViolations(page), []);
    assert.equal(mails(/Test_of_the_alert/).length, 1);
    await page.getByRole("dialog").getByRole("button", { name: "Close" }).last().click();
    await page.getByText("1 mail sent").waitFor();

    receiver.respond = (response) => {
      response.writeHead(401);
      response.end();
    };
    await connect("fraud");
    for (let times = 0; times < 3; times++) await owner.post("/api/events", { type: "order.paid", data: {} });
    await until(() => mails(/^Subject: \[OpenSend\] .* failing/m).length > 0, "the alert's mail arrives");
    const [mail] = mails(/^Subject: \[OpenSend\] .* failing/m);
    assert.match(textOf(mail ?? assert.fail()), /integrations\/connections\//);
    await page.reload();
    await page
      .getByText(/(fraud is|2 connections are) failing/)
      .first()
      .waitFor();
    assert.deepEqual(await pageViolations(page), []);

    await page.getByRole("button", { name: "Edit On call" }).click();
    const edit = page.getByRole("dialog");
    await edit.getByLabel("Condition").selectOption("silence");
    await edit.getByLabel("After minutes").fill("5");
    await edit.getByRole("button", { name: "Save" }).click();
    await edit.getByText("Enter a number of minutes from 60 to 10080.").waitFor();
    await edit.getByLabel("After minutes").fill("90");
    await edit.getByRole("button", { name: "Save" }).click();
    await page.getByText("Connection silent · after 90 minutes · all connections").waitFor();

    await page.getByRole("button", { name: "Delete On call" }).click();
    await page.getByRole("button", { name: "Delete alert" }).click();
    await page.getByText("No alerts yet").waitFor();
    assert.deepEqual(watched.faults(), []);
    await watched.close();
  });

  test("the page has no faults on a phone and in dark mode, and reports a failed test", async () => {
    const id = await connect("refusing");
    const member = (await owner.get("/api/members")).body.data[0].id;
    const body = { name: "Night", condition: "backlog", member_ids: [member], notify_connection_id: id };
    assert.equal((await owner.post("/api/alerts", body)).status, 201);
    receiver.respond = (response) => {
      response.writeHead(404);
      response.end();
    };
    mailServer.refusal = { code: 550, message: "No such user here" };
    for (const colorScheme of ["light", "dark"] as const) {
      const watched = await openPage(browser, { url: server.url, cookie: owner.cookie, width: 375 });
      const { page } = watched;
      await page.emulateMedia({ colorScheme });
      await page.goto("/settings/alerts");
      await page.getByRole("button", { name: "Send test of Night" }).click();
      await page.getByText("No mail to ada@example.com").waitFor();
      await page
        .getByText(/550 No such user here/)
        .first()
        .waitFor();
      await page.getByText(/^refusing: /).waitFor();
      assert.deepEqual(await pageViolations(page), []);
      await page.getByRole("dialog").getByRole("button", { name: "Close" }).last().click();
      assert.deepEqual(await pageViolations(page), []);
      const isWide = "document.documentElement.scrollWidth > innerWidth";
      assert.equal(await page.evaluate(isWide), false);
      assert.deepEqual(watched.faults(), []);
      await watched.close();
    }
  });

  test("a lost password is reset with a mailed link that works once", async () => {
    mailServer.refusal = null;
    const watched = await openPage(browser, { url: server.url, expectedStatuses: [401, 404] });
    const { page } = watched;
    await page.goto("/sign-in");
    await page.getByRole("link", { name: "Forgot your password?" }).click();
    await page.getByRole("heading", { name: "Reset your password" }).waitFor();
    assert.deepEqual(await pageViolations(page), []);
    await page.getByLabel("Email").fill(OWNER.email);
    await page.keyboard.press("Enter");
    await page.getByText("Check your mail").waitFor();
    assert.deepEqual(await pageViolations(page), []);
    await until(() => mails(/Reset your password/).length > 0, "the link arrives");
    const text = textOf(mails(/Reset your password/)[0] ?? assert.fail());
    const token = /reset-password#(\S+)/.exec(text)?.[1] ?? assert.fail(text);
    await page.goto(`/reset-password#${token}`);
    await page.getByRole("heading", { name: "Set a new password" }).waitFor();
    assert.equal(await page.evaluate("location.href"), `${server.url}/reset-password`);
    assert.deepEqual(await pageViolations(page), []);
    await page.getByLabel("New password", { exact: true }).fill(NEW_PASSWORD);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Your password is set" }).waitFor();
    assert.ok(!server.output().includes(token));
    await page.goto("/sign-in");
    await page.goto(`/reset-password#${token}`);
    await page.getByLabel("New password", { exact: true }).fill(NEW_PASSWORD);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "This link is not valid" }).waitFor();
    assert.equal((await owner.get("/api/session")).status, 401, "all sessions have ended");
    const client = new ApiClient(server.url);
    const signIn = { email: OWNER.email, password: NEW_PASSWORD };
    assert.equal((await client.post("/api/session", signIn)).status, 200);
    assert.deepEqual(watched.faults(), []);
    await watched.close();
  });
});
