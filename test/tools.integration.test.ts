import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { Webhook } from "standardwebhooks";
import { opensendSignature } from "../src/crypto/opensend-signature.ts";
import { type ApiClient, setUpOwner } from "./support/api-client.ts";
import { type RunningExample, startExample } from "./support/example.ts";
import { needs } from "./support/needs.ts";
import { startTestReceiver, type TestReceiver } from "./support/receiver.ts";
import { type RunningServer, startServer } from "./support/server.ts";

/**
 * The files in `integrations` that need only Node and a shell. `npm run test:zapier`, `test:n8n` and `test:tools` run
 * the others in their tools.
 */
const INTEGRATIONS_DIR = join(import.meta.dirname, "..", "integrations");
const SECRET = "schlüssel & 鍵";
const BODY = '{"type":"order.paid","created_at":"2026-06-06T00:00:00.000Z","data":{"name":"Käse 🧀"}}';
const MINUTE_S = 60;

const read = (file: string) => readFileSync(join(INTEGRATIONS_DIR, file), "utf8");

/** Headers of a request as if OpenSend sent it `offsetS` seconds from now. */
function signed(body = BODY, offsetS = 0, secret = SECRET): Record<string, string> {
  const timestamp = Math.floor(Date.now() / 1000) + offsetS;
  return {
    "x-opensend-timestamp": String(timestamp),
    "x-opensend-signature": opensendSignature(secret, timestamp, body),
  };
}

/** Requests that a receiver must refuse. */
const FORGED: readonly (readonly [what: string, headers: () => Record<string, string>, body: string])[] = [
  ["no headers", () => ({}), BODY],
  ["another body", () => signed(), `${BODY} `],
  ["another secret", () => signed(BODY, 0, "another"), BODY],
  ["too old", () => signed(BODY, -6 * MINUTE_S), BODY],
  ["too new", () => signed(BODY, 6 * MINUTE_S), BODY],
  ["no number", () => ({ ...signed(), "x-opensend-timestamp": "now" }), BODY],
  ["an empty signature", () => ({ ...signed(), "x-opensend-signature": "" }), BODY],
];

describe("the relay to a chat", () => {
  let server: RunningServer;
  let client: ApiClient;
  let chat: TestReceiver;
  let relay: RunningExample;

  before(async () => {
    [server, chat] = await Promise.all([startServer(), startTestReceiver()]);
    client = await setUpOwner(server);
  });
  after(async () => {
    await chat.close();
    await server.stop();
  });

  const start = (format: string) =>
    startExample(process.execPath, join(INTEGRATIONS_DIR, "chat-relay", "relay.mjs"), SECRET, {
      CHAT_WEBHOOK_URL: `${chat.url}/services/T0/B0/secret`,
      CHAT_FORMAT: format,
    });
  const sendTest = async () => {
    const body = { webhook_url: relay.url, signing_secret: SECRET, name: "Käse <!channel> ```" };
    const created = await client.post("/api/integrations/webhook", body);
    const tested = await client.post(`/api/integrations/connections/${created.body.data.id}/test`);
    return tested.body.delivery;
  };

  const TEXT_OF: Readonly<Record<string, (message: Message) => string>> = {
    slack: ({ text }) => text,
    discord: ({ content }) => content,
    teams: ({ attachments: [{ content }] }) => JSON.stringify(content.body),
  };
  for (const [format, textOf] of Object.entries(TEXT_OF)) {
    test(`posts an event in the format of ${format}`, async () => {
      relay = await start(format);
      try {
        chat.received.length = 0;
        assert.equal((await sendTest()).status, 200);
        const [post] = chat.received;
        const message = JSON.parse(post?.body ?? "");
        assert.match(textOf(message), /integration\.test/);
        assert.match(textOf(message), /Käse/);
        if (format === "slack") assert.match(message.text, /&lt;!channel&gt;/);
        if (format === "discord") {
          assert.deepEqual(message.allowed_mentions, { parse: [] });
          assert.equal(message.content.split("```").length, 3, "one block of code");
        }
      } finally {
        await relay.stop();
      }
    });
  }

  test("posts only signed events, and passes on Retry-After", async () => {
    relay = await start("slack");
    try {
      chat.received.length = 0;
      for (const [what, headers, body] of FORGED) {
        const response = await fetch(relay.url, { method: "POST", headers: headers(), body });
        assert.equal(response.status, 401, what);
      }
      assert.equal(chat.received.length, 0);
      chat.respond = (response) => response.writeHead(429, { "retry-after": "7" }).end("rate_limited");
      const delivery = await sendTest();
      assert.equal(delivery.status, 429);
      assert.equal(delivery.response.headers["retry-after"], "7");
      assert.match(delivery.response.body, /slack responded with 429: rate_limited/);
    } finally {
      await relay.stop();
    }
  });

  test("truncates long data to the limits of chats", async () => {
    relay = await start("discord");
    try {
      chat.received.length = 0;
      chat.respond = (response) => response.writeHead(204).end();
      const body = JSON.stringify({ type: "order.paid", data: { text: "x".repeat(100_000) } });
      const response = await fetch(relay.url, { method: "POST", headers: signed(body), body });
      assert.equal(response.status, 200);
      assert.ok(JSON.parse(chat.received[0]?.body ?? "").content.length <= 2000);
    } finally {
      await relay.stop();
    }
  });
});

type Message = {
  readonly text: string;
  readonly content: string;
  readonly attachments: readonly [{ readonly content: { readonly body: unknown } }];
};

describe("the flow for Node-RED", () => {
  const [tab, ...nodes] = JSON.parse(read("node-red/opensend-flow.json"));
  const verify = nodes.find(({ type }: { type: string }) => type === "function");

  const run = (headers: Record<string, string>, body: string, secret = SECRET) => {
    const env = { get: () => secret };
    const step = new Function("msg", "env", "crypto", "Buffer", verify.func);
    const crypto = createRequire(import.meta.url)("node:crypto");
    return step({ req: { headers }, payload: Buffer.from(body) }, env, crypto, Buffer);
  };

  test("keeps its secret in the credentials, and reads the raw body", () => {
    assert.deepEqual(tab.env, [{ name: "OPENSEND_SIGNING_SECRET", value: "", type: "cred" }]);
    assert.equal(nodes.find(({ type }: { type: string }) => type === "http in").skipBodyParsing, true);
  });

  test("passes on a signed event with a 200, also during a rotation", () => {
    const { "x-opensend-signature": previous = "", ...timestamp } = signed();
    const rotated = { ...timestamp, "x-opensend-signature": "0", "x-opensend-signature-previous": previous };
    for (const headers of [signed(), rotated]) {
      const [event, response] = run({ ...headers, "webhook-id": "1" }, BODY);
      assert.deepEqual(event, { topic: "order.paid", payload: { id: "1", ...JSON.parse(BODY) } });
      assert.equal(response.statusCode, 200);
    }
  });

  test("responds with 401 to everything else", () => {
    for (const [what, headers, body] of FORGED) {
      const [event, response] = run(headers(), body);
      assert.equal(event, null, what);
      assert.equal(response.statusCode, 401, what);
    }
    assert.equal(run(signed(BODY, 0, ""), BODY, "")[1].statusCode, 401, "no secret");
  });
});

describe("the script for adnanh/webhook", { skip: needs("openssl") }, () => {
  const folder = mkdtempSync(join(tmpdir(), "opensend-webhook-"));
  after(() => rmSync(folder, { recursive: true, force: true }));

  const run = (headers: Record<string, string>, body: string) => {
    const file = join(folder, "body");
    writeFileSync(file, body);
    return spawnSync("sh", [join(INTEGRATIONS_DIR, "adnanh-webhook", "verify-and-run.sh")], {
      env: {
        PATH: process.env["PATH"],
        OPENSEND_SIGNING_SECRET: SECRET,
        BODY_FILE: file,
        TIMESTAMP: headers["x-opensend-timestamp"] ?? "",
        SIGNATURE: headers["x-opensend-signature"] ?? "",
      },
      encoding: "utf8",
    });
  };

  test("runs its command only for a signed event", () => {
    const { status, stdout } = run(signed(), BODY);
    assert.equal(status, 0);
    assert.equal(stdout, BODY);
    for (const [what, headers, body] of FORGED) {
      const refused = run(headers(), body);
      assert.equal(refused.status, 1, what);
      assert.match(refused.stdout, /^refused/, what);
    }
  });
});

describe("the nodes for n8n", () => {
  const STANDARD_SECRET = `whsec_${Buffer.alloc(32, "opensend").toString("base64")}`;
  let isSigned: (headers: Record<string, string>, body: Buffer, secret: string) => boolean;
  let newSigningSecret: () => string;
  let eventIdOf: (parts: readonly string[]) => string;

  before(async () => {
    const nodes = join(INTEGRATIONS_DIR, "n8n-nodes-opensend", "nodes", "OpenSend");
    ({ isSigned, newSigningSecret } = await import(join(nodes, "signature.ts")));
    ({ eventIdOf } = await import(join(nodes, "event-id.ts")));
  });

  const standard = (offsetS = 0) => {
    const at = new Date(Date.now() + offsetS * 1000);
    return {
      "webhook-id": "1",
      "webhook-timestamp": String(Math.floor(at.getTime() / 1000)),
      "webhook-signature": new Webhook(STANDARD_SECRET).sign("1", at, BODY),
    };
  };

  test("verify a Standard Webhooks signature, alone or among several", () => {
    const headers = standard();
    const several = { ...headers, "webhook-signature": `v1,AAAA v1a,x ${headers["webhook-signature"]}` };
    for (const given of [headers, several]) assert.ok(isSigned(given, Buffer.from(BODY), STANDARD_SECRET));
  });

  test("refuse every other request", () => {
    const body = Buffer.from(BODY);
    assert.equal(isSigned({}, body, STANDARD_SECRET), false);
    assert.equal(isSigned(standard(), Buffer.from(`${BODY} `), STANDARD_SECRET), false);
    assert.equal(isSigned({ ...standard(), "webhook-id": "2" }, body, STANDARD_SECRET), false);
    assert.equal(isSigned(standard(), body, newSigningSecret()), false);
    for (const offsetS of [-6 * MINUTE_S, 6 * MINUTE_S]) {
      assert.equal(isSigned(standard(offsetS), body, STANDARD_SECRET), false);
    }
  });

  test("generate secrets in OpenSend's format, and stable event ids", () => {
    assert.match(newSigningSecret(), /^whsec_[A-Za-z0-9+/]{43}=$/);
    assert.notEqual(newSigningSecret(), newSigningSecret());
    assert.match(
      eventIdOf(["a", "1"]),
      /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
    assert.equal(eventIdOf(["a", "1"]), eventIdOf(["a", "1"]));
    assert.notEqual(eventIdOf(["a", "1"]), eventIdOf(["a1", ""]));
  });
});

test("the workflow for n8n contains no code, environment variable or secret", () => {
  const text = read("n8n-workflow/opensend-verified-webhook.json");
  const { nodes } = JSON.parse(text) as { nodes: { type: string; credentials?: unknown }[] };
  assert.doesNotMatch(text, /\$env|require\(|whsec_/);
  assert.deepEqual(
    nodes.filter(({ type, credentials }) => type.endsWith(".code") || credentials !== undefined),
    [],
  );
});
