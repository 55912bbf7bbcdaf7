import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { opensendSignature } from "../../src/crypto/opensend-signature.ts";
import type { ApiClient } from "../support/api-client.ts";
import { browserMissing, launchBrowser, openPage } from "../support/browser.ts";
import { connect, startOwnedServer } from "../support/dashboard.ts";
import { startExample } from "../support/example.ts";
import { needs } from "../support/needs.ts";
import { pageViolations } from "../support/page-violations.ts";
import { type Received, startTestReceiver, type TestReceiver } from "../support/receiver.ts";
import type { RunningServer } from "../support/server.ts";

const SECRET = `whsec_${Buffer.from("of the Verify tab: 32 bytes, 7Qx").toString("base64")}`;
const STALE_S = 6 * 60;

const RECEIVERS = [
  { name: "Node", command: process.execPath, file: "receiver.mjs" },
  { name: "Python", command: "python3", file: "receiver.py" },
] as const;

describe("the Verify tab", { skip: browserMissing }, () => {
  let browser: Browser;
  let server: RunningServer;
  let owner: ApiClient;
  let receiver: TestReceiver;
  let id: string;
  let delivery: Received;
  const folder = mkdtempSync(join(tmpdir(), "opensend-verify-"));

  before(async () => {
    let owned: Awaited<ReturnType<typeof startOwnedServer>>;
    [browser, owned, receiver] = await Promise.all([
      launchBrowser(),
      startOwnedServer(),
      startTestReceiver(),
    ]);
    ({ server, owner } = owned);
    id = await connect(owner, {
      name: "Signed",
      webhook_url: `${receiver.url}/hook`,
      signing_secret: SECRET,
    });
    await owner.post(`/api/integrations/connections/${id}/test`);
    delivery = receiver.received[0] as Received;
  });
  after(async () => {
    await Promise.all([browser.close(), server.stop(), receiver.close()]);
    rmSync(folder, { recursive: true, force: true });
  });

  const open = async (connectionId: string, width: 1280 | 375 = 1280) => {
    const watched = await openPage(browser, {
      url: server.url,
      cookie: owner.cookie,
      width,
      recordsTraces: true,
    });
    await watched.context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await watched.page.goto(`/integrations/connections/${connectionId}/verify`);
    await watched.page
      .getByRole("heading", { level: 1, name: "Signed" })
      .or(watched.page.getByText("Unsigned"))
      .first()
      .waitFor();
    return watched;
  };

  for (const { name, command, file } of RECEIVERS) {
    test(`shows a ${name} receiver that accepts valid requests, and refuses tampered or stale ones`, {
      skip: needs(command),
    }, async () => {
      const { page, faults, close } = await open(id);
      await page.getByRole("tab", { name }).click();
      const snippet = page.getByRole("tabpanel", { name });
      await snippet.getByRole("button", { name: `Copy ${name} snippet` }).click();
      const copied = await page.evaluate<string>("navigator.clipboard.readText()");
      assert.equal(copied.trim(), ((await snippet.getByRole("region").textContent()) ?? "").trim());
      assert.match(copied, /OPENSEND_SIGNING_SECRET/);
      assert.ok(!copied.includes(SECRET));
      assert.deepEqual(faults(), []);
      await close();

      const path = join(folder, file);
      writeFileSync(path, copied);
      const example = await startExample(command, path, SECRET);
      try {
        const signedId = await connect(owner, { webhook_url: `${example.url}/hook`, signing_secret: SECRET });
        const tested = await owner.post(`/api/integrations/connections/${signedId}/test`);
        assert.equal(tested.body.delivery.status, 200, tested.text);
        const send = async (body: string, timestamp: string, signature: string) => {
          const headers = { "x-opensend-timestamp": timestamp, "x-opensend-signature": signature };
          return (await fetch(`${example.url}/hook`, { method: "POST", headers, body })).status;
        };
        const now = Math.floor(Date.now() / 1000);
        const { body } = delivery;
        const good = opensendSignature(SECRET, now, body);
        assert.equal(await send(body, String(now), good), 200);
        assert.equal(await send(body.replace("webhook", "webhooK"), String(now), good), 401);
        const stale = now - STALE_S;
        assert.equal(await send(body, String(stale), opensendSignature(SECRET, stale, body)), 401);
      } finally {
        await example.stop();
      }
    });
  }

  test("has a snippet for every tool, chosen by arrow keys, and none contains the secret", async () => {
    const { page, faults } = await open(id);
    await page.getByRole("tab", { name: "Node" }).focus();
    for (const name of ["Python", "Standard Webhooks", "n8n", "Zapier", "Make", "Pipedream", "Shell"]) {
      await page.keyboard.press("ArrowRight");
      const text = (await page.getByRole("tabpanel", { name }).textContent()) ?? "";
      assert.match(text, /OPENSEND_SIGNING_SECRET/, name);
      assert.ok(!text.includes(SECRET));
    }
    assert.deepEqual(faults(), []);
  });

  test("opens with the code for the connection's receiver, and names its custom headers", async () => {
    const atN8n = await connect(owner, {
      name: "Signed",
      webhook_url: `${receiver.url}/webhook/0198c5f2-7c1e-4a54-9d3e-5b1f0c2a7e11`,
      signing_secret: SECRET,
      headers: { "X-Api-Key": "key-of-the-receiver" },
    });
    const { page, faults } = await open(atN8n);
    const selected = page.getByRole("tab", { selected: true });
    assert.equal(await selected.textContent(), "n8n");
    await page.getByText("Custom header of this connection").waitFor();
    assert.ok(!(await page.content()).includes("key-of-the-receiver"));
    await page.goto(`/integrations/connections/${id}/verify`);
    await page.getByRole("tab", { name: "Node", selected: true }).waitFor();
    assert.deepEqual(faults(), []);
  });

  test("checks a pasted request in the browser, without sending or storing it", async () => {
    const { page, context, faults, traces } = await open(id);
    const requests: string[] = [];
    await page.waitForLoadState("networkidle").catch(() => undefined);
    context.on("request", (request) => requests.push(`${request.url()} ${request.postData() ?? ""}`));
    const check = async (pasted: string, secret: string) => {
      await page.getByLabel("Signing secret", { exact: true }).fill(secret);
      await page.getByLabel("Request", { exact: true }).fill(pasted);
      await page.getByRole("button", { name: "Verify signatures" }).click();
    };
    const { body, headers } = delivery;
    const signed = ["x-opensend-timestamp", "x-opensend-signature", "webhook-id", "webhook-timestamp"];
    const head = [...signed, "webhook-signature"].map((name) => `${name}: ${headers[name]}`);
    const dump = `POST /hook HTTP/1.1\n${head.join("\n")}\n\n${body}`;
    await check(dump, SECRET);
    await page.getByText("x-opensend-signature is valid.", { exact: true }).waitFor();
    await page.getByText("webhook-signature is valid.", { exact: true }).waitFor();
    const invalid = "is invalid: the body was changed, or the secret is a different one.";
    await check(dump.replace('"type"', '"Type"'), SECRET);
    await page.getByText(`x-opensend-signature ${invalid}`).waitFor();
    await page.getByText(`webhook-signature ${invalid}`, { exact: true }).waitFor();
    await check(dump.replace("webhook-id: ", "webhook-id: x"), SECRET);
    await page.getByText("x-opensend-signature is valid.", { exact: true }).waitFor();
    await page.getByText(`webhook-signature ${invalid}`, { exact: true }).waitFor();
    await check(dump, "another secret");
    await page.getByText(`x-opensend-signature ${invalid}`).waitFor();
    const stale = Math.floor(Date.now() / 1000) - 12 * 60;
    const signature = opensendSignature(SECRET, stale, body);
    await check(`x-opensend-timestamp: ${stale}\nx-opensend-signature: ${signature}\n\n${body}`, SECRET);
    await page
      .getByText("it was created 12 min ago, and receivers reject what is older than 5 min.")
      .waitFor();

    assert.ok(!requests.some((request) => request.includes(SECRET) || request.includes(signature)));
    assert.ok(!(await traces()).includes(SECRET));
    assert.ok(!(await storageOf(page)).includes(SECRET));
    await page
      .getByRole("navigation", { name: "Connection" })
      .getByRole("link", { name: "Overview" })
      .click();
    await page.getByLabel("Request", { exact: true }).waitFor({ state: "detached" });
    await page.goBack();
    assert.equal(await page.getByLabel("Signing secret", { exact: true }).inputValue(), "");
    assert.deepEqual(faults(), []);
  });

  test("first asks for a signing secret", async () => {
    const unsigned = await connect(owner, { name: "Unsigned", webhook_url: `${receiver.url}/hook` });
    for (const width of [1280, 375] as const) {
      const { page, faults, close } = await open(unsigned, width);
      await page.getByText("Add a signing secret first").waitFor();
      assert.deepEqual(await pageViolations(page), []);
      await page.getByRole("link", { name: "Open settings" }).click();
      await page.waitForURL(`**/${unsigned}/settings`);
      assert.deepEqual(faults(), []);
      await close();
    }
  });

  test("has no faults at either width", async () => {
    for (const width of [1280, 375] as const) {
      const { page, faults, close } = await open(id, width);
      await page.getByRole("button", { name: "Verify signatures" }).click();
      await page.getByText("Enter the signing secret.").waitFor();
      assert.deepEqual(await pageViolations(page), []);
      assert.deepEqual(faults(), []);
      await close();
    }
  });
});

const storageOf = (page: Page) =>
  page.evaluate<string>("JSON.stringify([{ ...localStorage }, { ...sessionStorage }, history.state])");
