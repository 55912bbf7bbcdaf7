import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { Webhook, WebhookVerificationError } from "standardwebhooks";
import { opensendSignature } from "../src/crypto/opensend-signature.ts";
import { type ApiClient, setUpOwner } from "./support/api-client.ts";
import { type RunningExample, startExample } from "./support/example.ts";
import { needs } from "./support/needs.ts";
import { type Received, startTestReceiver, type TestReceiver } from "./support/receiver.ts";
import { type RunningServer, startServer } from "./support/server.ts";

const EXAMPLES_DIR = join(import.meta.dirname, "..", "examples");
const MINUTE_S = 60;
/** Non-ASCII characters in secret and body reveal a receiver that verifies text instead of bytes. */
const SECRET = "schlüssel & 鍵 mit Leerzeichen";
const STANDARD_SECRET = `whsec_${Buffer.alloc(32, "opensend").toString("base64")}`;
const CONNECTION_NAME = "Käse 🧀";

const RECEIVERS = [
  { name: "Node", command: process.execPath, file: "node/receiver.mjs" },
  { name: "Python", command: "python3", file: "python/receiver.py" },
] as const;

let server: RunningServer;
let client: ApiClient;
let inspector: TestReceiver;

before(async () => {
  inspector = await startTestReceiver();
  server = await startServer();
  client = await setUpOwner(server);
});

after(async () => {
  await inspector.close();
  await server.stop();
});

for (const { name, command, file } of RECEIVERS) {
  describe(`the ${name} receiver`, { skip: needs(command) }, () => {
    let receiver: RunningExample;
    let delivery: Received;

    before(async () => {
      receiver = await startExample(command, join(EXAMPLES_DIR, file), SECRET);
      delivery = await captureDelivery(SECRET);
    });
    after(() => receiver.stop());

    const replay = async (change: Partial<Pick<Received, "body">> & { headers?: Record<string, string> }) => {
      const headers = { ...signedHeaders(delivery), ...change.headers };
      const response = await fetch(`${receiver.url}/hook`, {
        method: "POST",
        headers,
        body: change.body ?? delivery.body,
      });
      await response.arrayBuffer();
      return response.status;
    };

    test("accepts a test event and prints its id", async () => {
      const id = await connect(`${receiver.url}/hook`, SECRET);
      const response = await sendTest(id);
      assert.equal(response.ok, true, JSON.stringify(response));
      assert.equal(response.status, 200);
      await receiver.printed(response.event_id);
    });

    test("accepts the captured request again unchanged", async () => {
      assert.equal(await replay({}), 200);
    });

    test("refuses a changed body", async () => {
      assert.equal(await replay({ body: delivery.body.replace("webhook", "webhooK") }), 401);
      assert.equal(await replay({ body: `${delivery.body} ` }), 401);
    });

    test("refuses a timestamp more than five minutes old or ahead, though its signature is valid", async () => {
      for (const offsetS of [-4 * MINUTE_S, 4 * MINUTE_S]) {
        assert.equal(await replay({ headers: signedAt(delivery, offsetS) }), 200, `offset ${offsetS}`);
      }
      for (const offsetS of [-6 * MINUTE_S, 6 * MINUTE_S]) {
        assert.equal(await replay({ headers: signedAt(delivery, offsetS) }), 401, `offset ${offsetS}`);
      }
    });

    test("refuses a timestamp that was changed or is not a number", async () => {
      const timestamp = Number(delivery.headers["x-opensend-timestamp"]);
      for (const text of [String(timestamp + 1), "now", `${timestamp}.0`, "9".repeat(400)]) {
        assert.equal(await replay({ headers: { "x-opensend-timestamp": text } }), 401, text);
      }
    });

    test("refuses a missing or wrong header", async () => {
      for (const header of ["x-opensend-timestamp", "x-opensend-signature"]) {
        assert.equal(await replay({ headers: { [header]: "" } }), 401, `${header} empty`);
        const { [header]: _, ...rest } = signedHeaders(delivery);
        const response = await fetch(receiver.url, { method: "POST", headers: rest, body: delivery.body });
        assert.equal(response.status, 401, `${header} missing`);
      }
      for (const signature of ["é", "0".repeat(64), delivery.headers["x-opensend-signature"]?.slice(1)]) {
        const headers = { "x-opensend-signature": String(signature) };
        assert.equal(await replay({ headers }), 401, String(signature));
      }
    });
  });
}

describe("verify.sh", { skip: needs("openssl") }, () => {
  const folder = mkdtempSync(join(tmpdir(), "opensend-test-"));
  let delivery: Received;

  before(async () => {
    delivery = await captureDelivery(SECRET);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const verify = (body: string, timestamp: string, signature: string, path = process.env["PATH"] ?? "") => {
    const bodyFile = join(folder, "body.json");
    writeFileSync(bodyFile, body);
    const args = [join(EXAMPLES_DIR, "shell", "verify.sh"), bodyFile, timestamp, signature];
    const env = { PATH: path, OPENSEND_SIGNING_SECRET: SECRET };
    return spawnSync("sh", args, { env, encoding: "utf8" }).status;
  };
  const verifyAt = (offsetS: number) => {
    const headers = signedAt(delivery, offsetS);
    return verify(delivery.body, headers["x-opensend-timestamp"], headers["x-opensend-signature"]);
  };

  test("exits 0 for a real delivery", () => {
    assert.equal(verifyAt(0), 0);
    assert.equal(verifyAt(-4 * MINUTE_S), 0);
  });

  test("exits 1 for a changed body, timestamp or signature", () => {
    const { "x-opensend-timestamp": timestamp = "", "x-opensend-signature": signature = "" } =
      signedHeaders(delivery);
    assert.equal(verify(delivery.body, timestamp, signature), 0);
    assert.equal(verify(`${delivery.body}\n`, timestamp, signature), 1);
    assert.equal(verify(delivery.body, String(Number(timestamp) - 1), signature), 1);
    assert.equal(verify(delivery.body, `0${timestamp}`, signature), 1);
    assert.equal(verify(delivery.body, timestamp, signature.toUpperCase()), 1);
    assert.equal(verify(delivery.body, timestamp, ""), 1);
  });

  test("exits 1 for a timestamp more than five minutes old or ahead, though its signature is valid", () => {
    assert.equal(verifyAt(-6 * MINUTE_S), 1);
    assert.equal(verifyAt(6 * MINUTE_S), 1);
  });

  test("exits 1 when openssl fails", () => {
    const broken = join(folder, "openssl");
    writeFileSync(broken, "#!/bin/sh\nexit 0\n");
    chmodSync(broken, 0o755);
    const { "x-opensend-timestamp": timestamp = "" } = signedHeaders(delivery);
    assert.equal(verify(delivery.body, timestamp, "", `${folder}${delimiter}${process.env["PATH"]}`), 1);
  });
});

describe("the standardwebhooks library", () => {
  for (const secret of [STANDARD_SECRET, SECRET]) {
    test(`is used correctly by the example: ${secret}`, async () => {
      const path = join(EXAMPLES_DIR, "standard-webhooks/receiver.mjs");
      const receiver = await startExample(process.execPath, path, secret);
      try {
        const tested = await sendTest(await connect(`${receiver.url}/hook`, secret));
        assert.equal(tested.status, 200);
        await receiver.printed(tested.event_id);
        const { body, headers } = await captureDelivery(secret);
        const send = async (body: string, change: Record<string, string> = {}) => {
          const sent = { ...signedHeaders({ headers }), ...change };
          return (await fetch(receiver.url, { method: "POST", headers: sent, body })).status;
        };
        assert.equal(await send(body), 200);
        assert.equal(await send(`${body} `), 401);
        assert.equal(await send(body, { "webhook-id": "another" }), 401);
        assert.equal(await send(body, { "webhook-timestamp": "1780704000" }), 401);
        assert.equal(await send(body, { "webhook-signature": "" }), 401);
      } finally {
        await receiver.stop();
      }
    });
  }

  test("verifies a delivery signed with a whsec_ secret, and refuses another body", async () => {
    const delivery = await captureDelivery(STANDARD_SECRET);
    const webhook = new Webhook(STANDARD_SECRET);
    const headers = signedHeaders(delivery);
    assert.deepEqual(webhook.verify(delivery.body, headers), JSON.parse(delivery.body));
    const tampered = delivery.body.replace("webhook", "webhooK");
    assert.throws(() => webhook.verify(tampered, headers), WebhookVerificationError);
  });

  test("verifies a delivery signed with any other secret when given its bytes", async () => {
    const delivery = await captureDelivery(SECRET);
    const webhook = new Webhook(new TextEncoder().encode(SECRET), { format: "raw" });
    assert.deepEqual(webhook.verify(delivery.body, signedHeaders(delivery)), JSON.parse(delivery.body));
  });
});

/** Creates a connection to the inspector, sends a test event and returns the request that arrived. */
async function captureDelivery(secret: string): Promise<Received> {
  const id = await connect(`${inspector.url}/hook`, secret);
  const { event_id } = await sendTest(id);
  const delivery = inspector.received.find(({ headers }) => headers["webhook-id"] === event_id);
  assert.ok(delivery, "the test event arrived");
  return delivery;
}

async function connect(webhookUrl: string, signingSecret: string): Promise<string> {
  const body = { name: CONNECTION_NAME, webhook_url: webhookUrl, signing_secret: signingSecret };
  const response = await client.post("/api/integrations/webhook", body);
  assert.equal(response.status, 201, response.text);
  return response.body.data.id;
}

async function sendTest(id: string): Promise<{ ok: boolean; status: number | null; event_id: string }> {
  const response = await client.post(`/api/integrations/connections/${id}/test`);
  assert.equal(response.status, 200, response.text);
  return response.body.delivery;
}

/** The headers that receivers check. */
function signedHeaders({ headers }: Pick<Received, "headers">): Record<string, string> {
  const names = Object.keys(headers).filter((name) => /^(x-opensend|webhook)-/.test(name));
  return Object.fromEntries(names.map((name) => [name, String(headers[name])]));
}

/** Headers of the delivery as if sent `offsetS` seconds from now. */
function signedAt({ body }: Received, offsetS: number) {
  const timestamp = Math.floor(Date.now() / 1000) + offsetS;
  return {
    "x-opensend-timestamp": String(timestamp),
    "x-opensend-signature": opensendSignature(SECRET, timestamp, body),
  };
}
