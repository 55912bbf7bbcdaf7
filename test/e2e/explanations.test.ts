import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer as createTlsServer, type Server as TlsServer } from "node:https";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { Browser } from "playwright-core";
import { ApiClient, OWNER, setUpOwner } from "../support/api-client.ts";
import { browserMissing, launchBrowser, openPage, type WatchedPage } from "../support/browser.ts";
import {
  type CertificateAuthority,
  createAuthority,
  createSelfSigned,
  type ServerCertificate,
} from "../support/certificates.ts";
import { connect } from "../support/dashboard.ts";
import { startTestReceiver, type TestReceiver } from "../support/receiver.ts";
import { type RunningServer, startServer } from "../support/server.ts";
import { type StandIn, startStandIn } from "../support/stand-in.ts";

type Rule = {
  readonly name: string;
  /** Path at the receiver on this machine. */
  readonly path?: string;
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly body?: string;
  /** Texts on the page, and the link at their end. */
  readonly says: readonly string[];
  readonly leadsTo?: "Replace URL";
};

/** Rules that a response of the receiver triggers. */
const RULES: readonly Rule[] = [
  {
    name: "n8n without a webhook at this URL",
    status: 404,
    body: '{"code":404,"message":"The requested webhook \\"orders\\" is not registered."}',
    says: ["n8n has no active webhook at this URL", "It is a test URL or the workflow is inactive."],
    leadsTo: "Replace URL",
  },
  {
    name: "an n8n test URL",
    path: "/webhook-test/orders",
    status: 500,
    says: ["This n8n test URL works only while the editor is listening."],
    leadsTo: "Replace URL",
  },
  {
    name: "an n8n test URL that accepted the event",
    path: "/webhook-test/orders",
    status: 200,
    says: ["This is an n8n test URL: it works only while the editor is listening.", "production URL"],
  },
  {
    name: "n8n that expects another method",
    status: 404,
    body: '{"code":404,"message":"This webhook is not registered for POST requests. Did you mean to make a GET request?"}',
    says: ["n8n's webhook does not accept POST", "Set HTTP Method to POST in the Webhook node"],
  },
  {
    name: "a signature that the receiver rejects",
    status: 401,
    body: '{"error":"invalid_signature"}',
    says: ["The receiver rejected the signature", "verifies the raw body"],
  },
  {
    name: "a proxy in front of an app that is down",
    status: 502,
    body: "<html><center><h1>502 Bad Gateway</h1></center><hr><center>nginx</center></html>",
    says: ["A proxy could not reach the app behind it"],
  },
  {
    name: "a rate limit",
    status: 429,
    headers: { "retry-after": "90" },
    says: ["The receiver limits its rate", "It asks to wait 90 s."],
  },
  {
    name: "401",
    status: 401,
    says: ["The receiver rejected the request", "wrong secret, an IP rule, or a login"],
  },
  { name: "403", status: 403, says: ["The receiver rejected the request (403)"] },
  { name: "404", status: 404, says: ["Nothing is listening at this URL"], leadsTo: "Replace URL" },
  { name: "410", status: 410, says: ["Nothing is listening at this URL"], leadsTo: "Replace URL" },
  {
    name: "a redirect",
    status: 302,
    headers: { location: "https://elsewhere.example.com/hook?token=abc" },
    says: [
      "It redirected to elsewhere.example.com",
      "OpenSend does not follow redirects",
      "Use the final URL.",
    ],
    leadsTo: "Replace URL",
  },
  { name: "405", status: 405, says: ["The receiver rejects POST"] },
  { name: "413", status: 413, says: ["The receiver rejects 1 kB"] },
  { name: "415", status: 415, says: ["The receiver rejects JSON"] },
  {
    name: "500",
    status: 503,
    body: "worker pool exhausted",
    says: [
      "The receiver failed while handling this",
      "Send it again after the fix.",
      "worker pool exhausted",
    ],
  },
  { name: "an unusual status", status: 418, says: ["The receiver responded with 418"] },
];

/** Rules for tools that are recognized by their host. */
const TOOLS = [
  {
    name: "a disabled scenario at Make",
    url: "https://hook.eu2.make.com/x7p2m9c4k1v8n3b6t5r0q2w4",
    status: 410,
    responseBody: "Gone",
    says: ["The scenario is off", "Open Make"],
  },
  {
    name: "a full queue at Make",
    url: "https://hook.eu2.make.com/x7p2m9c4k1v8n3b6t5r0q2w4",
    status: 400,
    responseBody: "Queue is full.",
    says: ["Make's queue for this scenario is full", "Open Make"],
  },
] as const;

/** Explanations of a 2xx, by the tool that returned it. */
const ACCEPTED = [
  {
    url: "https://hooks.zapier.com/hooks/catch/1234567/b3kz9qpt/",
    says: "Zapier accepted it (200). That does not prove the Zap ran.",
  },
  {
    url: "https://hook.eu2.make.com/x7p2m9c4k1v8n3b6t5r0q2w4",
    says: "Make accepted it (200). That does not prove the scenario ran.",
  },
  {
    url: "https://acme.app.n8n.cloud/webhook/5f1d0a52-9c4e-4a1b-8e57-3a1f6f2b7c90",
    says: "n8n accepted it (200). That does not prove the workflow finished.",
  },
  {
    url: "https://eo1a2b3c4d5e6f7.m.pipedream.net/",
    says: "Pipedream accepted it (200). That does not prove the workflow finished.",
  },
  {
    url: "https://hooks.slack.com/services/T000/B000/XXXXXXXX",
    says: "Slack accepted it (200). That does not prove that a message was posted.",
  },
  {
    url: "https://discord.com/api/webhooks/123456789/token",
    says: "Discord accepted it (200). That does not prove that a message was posted.",
  },
  {
    url: "https://events.example.com/in",
    says: "The receiver accepted it (200). That does not prove that it was processed.",
  },
] as const;

describe("why a delivery failed", { skip: browserMissing }, () => {
  let browser: Browser;
  let server: RunningServer;
  let owner: ApiClient;
  let receiver: TestReceiver;
  let watched: WatchedPage;
  let authority: CertificateAuthority;
  const folder = mkdtempSync(join(tmpdir(), "opensend-explanations-"));
  const dataDir = join(folder, "data");
  const authorityFile = join(folder, "authority.pem");
  const closing: (() => unknown)[] = [];

  before(async () => {
    authority = await createAuthority();
    writeFileSync(authorityFile, authority.cert);
    [browser, server, receiver] = await Promise.all([
      launchBrowser(),
      startServer({ NODE_EXTRA_CA_CERTS: authorityFile }, { dataDir }),
      startTestReceiver(),
    ]);
    owner = await setUpOwner(server);
    watched = await openPage(browser, { url: server.url, cookie: owner.cookie });
  });
  after(async () => {
    await Promise.all([browser.close(), server.stop(), receiver.close()]);
    for (const close of closing) close();
    rmSync(folder, { recursive: true, force: true });
  });

  for (const rule of RULES) {
    test(`explains ${rule.name}`, async () => {
      receiver.respond = (response) => response.writeHead(rule.status, rule.headers).end(rule.body);
      await assertExplained(await testTo(`${receiver.url}${rule.path ?? "/hook"}`), rule.says, rule.leadsTo);
    });
  }

  test("explains a receiver that does not respond", async () => {
    receiver.respond = () => undefined;
    const delivery = await testTo(`${receiver.url}/hook`);
    await assertExplained(delivery, [
      "No response within 15 s",
      "while waiting for the response. It may still have processed the event.",
      "Make the receiver respond first and do the work later, or raise the timeout of this connection",
    ]);
  });

  test("explains a receiver that cuts the connection", async () => {
    receiver.respond = (response) => response.destroy();
    await assertExplained(await testTo(`${receiver.url}/hook`), ["cut the connection", "Is it running?"]);
  });

  test("explains a port on which nothing listens", async () => {
    const gone = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => gone.once("listening", resolve));
    const { port } = gone.address() as AddressInfo;
    await new Promise((resolve) => gone.close(resolve));
    await assertExplained(await testTo(`http://127.0.0.1:${port}/hook`), [
      `127.0.0.1:${port} refused the connection`,
      "Is it running?",
    ]);
  });

  test("explains a server that does not speak HTTP", async () => {
    const talker = createServer((socket) => socket.on("error", () => undefined).end("220 smtp ready\r\n"));
    talker.listen(0, "127.0.0.1");
    await new Promise((resolve) => talker.once("listening", resolve));
    closing.push(() => talker.close());
    const { port } = talker.address() as AddressInfo;
    await assertExplained(await testTo(`http://127.0.0.1:${port}/hook`), ["did not return valid HTTP"]);
  });

  test("explains a name that does not resolve", async () => {
    const delivery = await testTo("https://nothing-here.example/hook");
    await assertExplained(delivery, [
      /nothing-here\.example (does not resolve|could not be looked up)/,
      "spelling",
    ]);
  });

  for (const [name, issue, says] of [
    [
      "expired",
      () => authority.issue({ names: [], addresses: ["127.0.0.1"], validDays: [-1, -0.5] }),
      "it has expired",
    ],
    [
      "for another name",
      () => authority.issue({ names: ["elsewhere.example.com"] }),
      "it is for another name",
    ],
    ["self-signed", () => createSelfSigned("127.0.0.1"), "it is self-signed"],
    [
      "sent without its chain",
      () => authority.issueBelow({ isSent: false }, { names: [], addresses: ["127.0.0.1"] }),
      "its chain is incomplete",
    ],
  ] as const) {
    test(`explains a certificate that is ${name}`, async () => {
      const port = await serveTls(await issue());
      await assertExplained(await testTo(`https://127.0.0.1:${port}/hook`), [
        `Certificate problem: ${says}`,
        "Fix the certificate.",
      ]);
    });
  }

  test("explains an address that has become private", async () => {
    const id = await connect(owner, { name: "Near", webhook_url: "https://localhost/hook" });
    await watched.close();
    await server.stop();
    // Behind a proxy the server is reachable by others, so events must not reach its own machine.
    server = await startServer({ OPENSEND_TRUSTED_PROXIES: "127.0.0.1" }, { dataDir });
    await signInAgain();
    await assertExplained(await testOf(id), [
      "localhost points to a private address",
      "OPENSEND_OUTBOUND_ALLOWED_CIDRS",
    ]);
  });

  describe("at a tool recognized by its host", () => {
    let tools: StandIn;
    before(async () => {
      tools = await startStandIn([...TOOLS, ...ACCEPTED].map(({ url }) => new URL(url).hostname));
      await watched.close();
      await server.stop();
      server = await startServer(tools.environment, { dataDir });
      await signInAgain();
    });
    after(() => tools.close());

    for (const { name, url, status, responseBody, says } of TOOLS) {
      test(`explains ${name}`, async () => {
        Object.assign(tools, { status, responseBody });
        await assertExplained(await testTo(url), says);
      });
    }

    for (const { url, says } of ACCEPTED) {
      test(`says only that ${new URL(url).hostname} accepted the event, on both pages`, async () => {
        Object.assign(tools, { status: 200, responseBody: "{}" });
        const id = await connect(owner, { name: "Honest", webhook_url: url });
        const { page } = watched;
        await page.goto(`/integrations/connections/${id}`);
        await page.getByRole("button", { name: "Send test event" }).click();
        await page.getByRole("region", { name: "Outcome" }).getByText(says).waitFor();
        const { body } = await owner.get(`/api/deliveries?connection_id=${id}`);
        await assertExplained(body.data[0].id, [says]);
      });
    }
  });

  /** The restarted server listens on another port. */
  async function signInAgain(): Promise<void> {
    owner = new ApiClient(server.url);
    const { email, password } = OWNER;
    assert.equal((await owner.post("/api/session", { email, password })).status, 200);
    watched = await openPage(browser, { url: server.url, cookie: owner.cookie });
  }

  async function testTo(webhookUrl: string): Promise<string> {
    return testOf(
      await connect(owner, { name: "Explained", webhook_url: webhookUrl, signing_secret: "shared-secret" }),
    );
  }

  /** Sends a test event and returns the delivery's id. */
  async function testOf(connectionId: string): Promise<string> {
    const { status, text, body } = await owner.post(`/api/integrations/connections/${connectionId}/test`);
    assert.equal(status, 200, text);
    return body.delivery.id;
  }

  async function assertExplained(
    deliveryId: string,
    says: readonly (string | RegExp)[],
    leadsTo?: string,
  ): Promise<void> {
    const { page } = watched;
    await page.goto(`/deliveries/${deliveryId}`);
    await page.getByRole("heading", { name: "Request", exact: true }).waitFor();
    for (const words of says) await page.getByText(words).first().waitFor();
    if (leadsTo !== undefined) assert.ok(await page.getByRole("link", { name: leadsTo }).isVisible());
    assert.deepEqual(watched.faults(), []);
  }

  async function serveTls(certificate: ServerCertificate): Promise<number> {
    const tls: TlsServer = createTlsServer({ ...certificate }, (_request, response) => response.end());
    tls.on("tlsClientError", () => undefined);
    await new Promise<void>((resolve) => tls.listen(0, "127.0.0.1", resolve));
    closing.push(() => tls.close());
    return (tls.address() as AddressInfo).port;
  }
});
