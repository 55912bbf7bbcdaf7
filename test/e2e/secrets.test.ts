import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import type { ApiClient } from "../support/api-client.ts";
import { browserMissing, launchBrowser, openPage } from "../support/browser.ts";
import { startOwnedServer } from "../support/dashboard.ts";
import type { RunningServer } from "../support/server.ts";
import { type StandIn, startStandIn } from "../support/stand-in.ts";

/** URLs in the tools' formats, each with the parts that act as its credential. */
const CORPUS = [
  {
    tool: "Zapier",
    url: "https://hooks.zapier.com/hooks/catch/1234567/b3kz9qpt/",
    tokens: ["1234567", "b3kz9qpt"],
  },
  {
    tool: "Make",
    url: "https://hook.eu2.make.com/x7p2m9c4k1v8n3b6t5r0q2w4",
    tokens: ["x7p2m9c4k1v8n3b6t5r0q2w4"],
  },
  { tool: "Pipedream", url: "https://eo7k2p9x4m1c8v3.m.pipedream.net/", tokens: ["eo7k2p9x4m1c8v3"] },
  {
    tool: "n8n",
    url: "https://acme.app.n8n.cloud/webhook/5f0c7a1e-93d2-4b7e-8a61-c2d94e7f0b13",
    tokens: ["5f0c7a1e-93d2-4b7e-8a61-c2d94e7f0b13"],
  },
  {
    tool: "Discord",
    url: "https://discord.com/api/webhooks/998877665544332211/Zk3v9TqLr7Yb2Nw5",
    tokens: ["998877665544332211", "Zk3v9TqLr7Yb2Nw5"],
  },
  {
    tool: "a token in the query",
    url: "https://example.org/in?token=q9w8e7r6t5z4u3i2",
    tokens: ["q9w8e7r6t5z4u3i2"],
  },
];

describe("URL and secret", { skip: browserMissing }, () => {
  let browser: Browser;
  let server: RunningServer;
  let owner: ApiClient;
  let tools: StandIn;
  before(async () => {
    tools = await startStandIn(CORPUS.map(({ url }) => new URL(url).hostname));
    let owned: Awaited<ReturnType<typeof startOwnedServer>>;
    [browser, owned] = await Promise.all([launchBrowser(), startOwnedServer(tools.environment)]);
    ({ server, owner } = owned);
  });
  after(() => Promise.all([browser.close(), server.stop(), tools.close()]));

  for (const { tool, url, tokens } of CORPUS) {
    test(`do not leak in connect, test, edit and failure: ${tool}`, async () => {
      const secrets = {
        first: `first-secret-of-${tool.length}-Qx7`,
        second: `second-secret-of-${tool.length}-Zt4`,
      };
      const watched = await openPage(browser, {
        url: server.url,
        cookie: owner.cookie,
        recordsTraces: true,
      });
      const { page } = watched;
      const snapshots: string[] = [];
      const takeSnapshot = async () => snapshots.push(await contentsOf(page));

      await page.goto("/integrations/webhook");
      if (tools.received.length > 0) await page.getByRole("button", { name: "Connect another" }).click();
      await page.getByLabel("Webhook URL").fill(url);
      await page.getByLabel("Signing secret", { exact: true }).fill(secrets.first);
      await page.getByRole("button", { name: "Connect and send test" }).click();
      const outcome = page.getByRole("region", { name: "Outcome" });
      await outcome.getByText("Delivered", { exact: true }).waitFor();
      assert.equal(tools.received.at(-1)?.url, url, "the receiver echoes what it was sent");
      await takeSnapshot();

      await page.getByRole("main").getByRole("link", { name: "Settings" }).click();
      await page.getByLabel("Replace URL").fill(url);
      await page.getByLabel("Replace secret", { exact: true }).fill(secrets.second);
      await page.getByRole("button", { name: "Save changes" }).click();
      await page.getByText("Saved.", { exact: true }).waitFor();
      await takeSnapshot();

      tools.status = 500;
      await page.getByRole("button", { name: "Send test event" }).click();
      await page
        .getByRole("navigation", { name: "Connection" })
        .getByRole("link", { name: "Overview" })
        .click();
      await outcome.getByText("Failed", { exact: true }).waitFor();
      tools.status = 200;
      await takeSnapshot();

      await page.goBack();
      await page.goBack();
      await page.goForward();
      await takeSnapshot();
      const audit = await owner.get("/api/audit-log");
      const all = [...snapshots, await watched.traces(), audit.text, server.output()].join("\n");
      for (const secret of [...tokens, secrets.first, secrets.second]) {
        const at = all.indexOf(secret);
        assert.equal(at, -1, `found “${all.slice(Math.max(0, at - 80), at + 80)}”`);
      }
      assert.deepEqual(watched.faults(), []);
      await watched.close();
    });
  }

  test("setup token and password do not leak in setup and sign-in", async () => {
    const { page, traces, close } = await openPage(browser, { url: server.url, recordsTraces: true });
    const token = "not-the-token-but-treated-like-one";
    await page.goto(`/setup?token=${token}`);
    await page.getByText("This instance already has an owner.").waitFor();
    assert.equal(await page.evaluate("location.search"), "");
    assert.ok(!(await contentsOf(page)).includes(token));
    const requests = (await traces()).split("\n").filter((line) => line.includes(token));
    assert.equal(requests.length, 1, "only the address itself named it");
    await close();
  });
});

const PAGE_CONTENTS = `(async () => [
  document.documentElement.outerHTML,
  document.title,
  ...[...document.querySelectorAll("input, textarea, select")].map((field) => field.value),
  JSON.stringify({ ...localStorage }),
  JSON.stringify({ ...sessionStorage }),
  JSON.stringify(await indexedDB.databases()),
  JSON.stringify(await globalThis.caches?.keys()),
  location.href,
  JSON.stringify(history.state),
  ...performance.getEntriesByType("resource").map((entry) => entry.name),
].join("\\n"))()`;

/** Everything in a page that could leak a secret: document, fields, storage, cookies, history. */
async function contentsOf(page: Page): Promise<string> {
  const held = await page.evaluate<string>(PAGE_CONTENTS);
  return `${held}\n${JSON.stringify(await page.context().cookies())}`;
}
