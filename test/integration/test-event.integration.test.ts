import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { after, before, beforeEach, describe, it } from "node:test";
import { gzipSync } from "node:zlib";
import { Webhook } from "standardwebhooks";
import type { Store } from "../../src/db/open.ts";
import { decodedLayers } from "../../src/domain/decode-escapes.ts";
import { foldCase } from "../../src/domain/fold-case.ts";
import { eventOfDelivery } from "../../src/history/event-of-delivery.ts";
import { ECHO_SPELLINGS } from "../corpora/echo-spellings.ts";
import type { ApiClient } from "../support/api-client.ts";
import { forEachDatabase } from "../support/databases.ts";
import { startInstance, type TestInstance } from "../support/instance.ts";
import { startTestReceiver, type TestReceiver } from "../support/receiver.ts";
import { startServer } from "../support/server.ts";
import { until } from "../support/until.ts";

const SECRET = "optional-shared-secret";
const HOOK_PATH = "/hooks/catch/123456/secrettoken99";

forEachDatabase((makeDatabase) => {
  let instance: TestInstance;
  let api: ApiClient;
  let receiver: TestReceiver;

  before(async () => {
    instance = await startInstance(makeDatabase);
    api = instance.api;
  });
  beforeEach(async () => {
    await receiver?.close();
    receiver = await startTestReceiver();
  });
  after(async () => {
    await receiver.close();
    await instance.remove();
  });

  const connect = async (body: Record<string, unknown> = {}): Promise<string> => {
    const response = await api.post("/api/integrations/webhook", {
      name: "Zapier catch hook",
      webhook_url: `${receiver.url}${HOOK_PATH}`,
      ...body,
    });
    assert.equal(response.status, 201, response.text);
    return response.body.data.id;
  };
  const test = async (id: string) => {
    const response = await api.post(`/api/integrations/connections/${id}/test`);
    assert.equal(response.status, 200, response.text);
    return response.body;
  };

  describe("the request", () => {
    it("has exactly the published body, and no signature without a secret", async () => {
      const id = await connect();
      const { delivery } = await test(id);
      const [request] = receiver.received;
      assert.ok(request);
      assert.equal(request.method, "POST");
      assert.equal(request.path, HOOK_PATH);
      const { created_at } = JSON.parse(request.body);
      assert.match(created_at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      const data = { provider: "webhook", connection_id: id, connection_name: "Zapier catch hook" };
      assert.equal(request.body, JSON.stringify({ type: "integration.test", created_at, data }));
      assert.equal(request.headers["content-type"], "application/json");
      assert.match(request.headers["user-agent"] ?? "", /^OpenSend\/\d+\.\d+\.\d+$/);
      assert.equal(request.headers["x-opensend-integration-provider"], "webhook");
      assert.equal(request.headers["webhook-id"], delivery.event_id);
      for (const name of [
        "x-opensend-signature",
        "x-opensend-timestamp",
        "webhook-signature",
        "webhook-timestamp",
      ]) {
        assert.equal(request.headers[name], undefined);
      }
    });

    it("is signed in both schemes over the exact bytes on the wire", async () => {
      const before = Math.floor(Date.now() / 1000);
      await test(await connect({ signing_secret: SECRET, name: 'Ünïcode "quoted" 名前' }));
      const [request] = receiver.received;
      assert.ok(request);
      const timestamp = String(request.headers["x-opensend-timestamp"]);
      assert.match(timestamp, /^\d{10}$/);
      assert.ok(Number(timestamp) >= before && Number(timestamp) <= Date.now() / 1000);
      const expected = createHmac("sha256", SECRET).update(`${timestamp}.${request.body}`).digest("hex");
      assert.equal(request.headers["x-opensend-signature"], expected);
      assert.equal(request.headers["webhook-timestamp"], timestamp);
      const asSpecified = new Webhook(Buffer.from(SECRET).toString("base64"));
      asSpecified.verify(request.body, request.headers as Record<string, string>);
    });

    it("is signed with the decoded bytes of a whsec_ secret for Standard Webhooks", async () => {
      const secret = `whsec_${Buffer.from("0123456789abcdefghijklmnopqrstuv").toString("base64")}`;
      await test(await connect({ signing_secret: secret }));
      const [request] = receiver.received;
      assert.ok(request);
      new Webhook(secret).verify(request.body, request.headers as Record<string, string>);
      const timestamp = String(request.headers["x-opensend-timestamp"]);
      const expected = createHmac("sha256", secret).update(`${timestamp}.${request.body}`).digest("hex");
      assert.equal(request.headers["x-opensend-signature"], expected);
    });

    it("is signed with the new secret after a change, and with none after its removal", async () => {
      const id = await connect({ signing_secret: "first-secret" });
      const path = `/api/integrations/connections/${id}`;
      await api.patch(path, { signing_secret: "second-secret" });
      await test(id);
      const [request] = receiver.received;
      const timestamp = request?.headers["x-opensend-timestamp"];
      const expected = createHmac("sha256", "second-secret")
        .update(`${timestamp}.${request?.body}`)
        .digest("hex");
      assert.equal(request?.headers["x-opensend-signature"], expected);
      await api.patch(path, { signing_secret: null });
      await test(id);
      assert.equal(receiver.received[1]?.headers["x-opensend-signature"], undefined);
    });
  });

  describe("the response", () => {
    it("shows request, response, timings and the stored rows", async () => {
      const id = await connect({ signing_secret: SECRET });
      const { connection, delivery } = await test(id);
      assert.equal(delivery.ok, true);
      assert.equal(delivery.status, 200);
      assert.equal(delivery.status_text, "OK");
      assert.equal(delivery.request.method, "POST");
      assert.equal(delivery.request.url_preview, `${receiver.url}/hooks/…`);
      assert.equal(delivery.request.body, receiver.received[0]?.body);
      assert.equal(
        delivery.request.headers["x-opensend-signature"],
        receiver.received[0]?.headers["x-opensend-signature"],
      );
      assert.equal(delivery.response.body, '{"received":true}');
      assert.equal(delivery.response.truncated, false);
      assert.equal(delivery.error, null);
      const { queued, sent, first_byte, total } = delivery.timings;
      assert.deepEqual(Object.keys(delivery.timings).sort(), [
        "connect",
        "dns",
        "first_byte",
        "queued",
        "sent",
        "tls",
        "total",
      ]);
      assert.ok(queued >= 0 && sent >= 0 && first_byte >= sent && total >= first_byte);
      assert.deepEqual(Object.keys(delivery.explanation), [
        "code",
        "title",
        "detail",
        "action",
        "action_code",
      ]);
      assert.equal(connection.health, "healthy");
      assert.ok(connection.last_event_at);
      assert.equal(connection.last_error, null);
      const store = instance.database.open();
      const rows = await store.db
        .selectFrom("attempts")
        .innerJoin("deliveries", "deliveries.id", "attempts.delivery_id")
        .innerJoin("events", eventOfDelivery)
        .select(["deliveries.status", "events.type", "attempts.number", "attempt_count"])
        .where("deliveries.id", "=", delivery.id)
        .execute();
      await store.close();
      assert.deepEqual(
        rows.map((row) => ({ ...row })),
        [{ status: "delivered", type: "integration.test", number: 1, attempt_count: 1 }],
      );
    });

    it("is a 200 with ok false when the receiver fails, and is never retried", async () => {
      const id = await connect();
      for (const [status, code, rule] of [
        [500, "http_status", "receiver_failed"],
        [404, "http_status", "no_receiver"],
        [401, "http_status", "refused"],
        [429, "http_status", "rate_limited"],
        [302, "redirect", "redirect"],
      ] as const) {
        receiver.respond = (response) => {
          response.writeHead(status, {
            location: "http://169.254.169.254/latest/meta-data/",
            "retry-after": "7",
          });
          response.end("no");
        };
        const { connection, delivery } = await test(id);
        assert.equal(delivery.ok, false);
        assert.equal(delivery.status, status);
        assert.equal(delivery.error.code, code);
        assert.equal(delivery.explanation.code, rule);
        assert.equal(connection.health, "unhealthy", "one failed test is enough");
        assert.partialDeepStrictEqual(connection.last_error, delivery.error);
        assert.equal(connection.last_error.explanation.code, rule);
      }
      assert.equal(receiver.received.length, 5, "one request a test, no redirect followed, nothing retried");
    });

    it("distinguishes a reset, a refused connection and an unknown host", async () => {
      const id = await connect();
      receiver.respond = (response) => void response.destroy();
      assert.equal((await test(id)).delivery.error.code, "connection_reset");
      const { port } = new URL(receiver.url);
      await receiver.close();
      const refused = (await test(id)).delivery;
      assert.equal(refused.error.code, "connection_refused");
      assert.equal(refused.response, null);
      assert.match(refused.explanation.title, new RegExp(`127\\.0\\.0\\.1:${port} refused the connection`));
      receiver = await startTestReceiver();
      const response = await api.post("/api/integrations/webhook", {
        webhook_url: "https://does-not-exist.example/hook",
      });
      assert.equal(response.status, 201, "a name that does not resolve may be saved");
      const unknown = (await test(response.body.data.id)).delivery;
      assert.match(unknown.error.code, /^dns_/);
    });

    const ENCODINGS: readonly (readonly [
      name: string,
      headers: Record<string, string>,
      encode: (text: string) => Buffer,
    ])[] = [
      ["unencoded", {}, (text) => Buffer.from(text)],
      ["compressed", { "content-encoding": "gzip" }, (text) => gzipSync(text)],
      ["stored in gzip", { "content-encoding": "gzip" }, (text) => gzipSync(text, { level: 0 })],
      [
        "in UTF-16",
        { "content-type": "text/plain; charset=utf-16le" },
        (text) => Buffer.from(text, "utf16le"),
      ],
    ];
    for (const [name, headers, encode] of ENCODINGS) {
      it(`masks URL and secret echoed by the receiver ${name}, in the response and in the database`, async () => {
        const id = await connect({ signing_secret: SECRET });
        receiver.respond = (response, request) => {
          response.writeHead(404, { "x-echo": request.path, ...headers });
          response.end(encode(`Cannot POST ${request.path}\n${receiver.url}${request.path} ${SECRET}\0`));
        };
        const response = await api.post(`/api/integrations/connections/${id}/test`);
        assert.match(response.body.delivery.response.body, /^Cannot POST \[redacted\]/);
        assert.doesNotMatch(response.text, /secrettoken99|optional-shared-secret/);
        const store = instance.database.open();
        const rows = await store.db.selectFrom("attempts").selectAll().execute();
        await store.close();
        assert.doesNotMatch(JSON.stringify(rows), /secrettoken99|optional-shared-secret/);
      });
    }

    it("masks echoes in every spelling, in every part of the receiver's response, before they are stored", async () => {
      const key = "MfKQ9r8GKYqrTw+UPD8I/PZIo2LaLaSw";
      const id = await connect({ signing_secret: `whsec_${key}` });
      const written = ECHO_SPELLINGS.map(({ write }) => write(key));
      receiver.respond = (response) => {
        response.writeHead(302, {
          "x-echo": encodeURIComponent(key),
          [`x-${Buffer.from(key, "base64").toString("hex")}`]: "1",
          location: "https://secrettoken99-x.example.com/",
        });
        response.end(written.join("\n"));
      };
      const response = await api.post(`/api/integrations/connections/${id}/test`);
      assert.equal(response.body.delivery.response.headers["x-[redacted]"], "1");
      const store = instance.database.open();
      const attempts = await store.db.selectFrom("attempts").selectAll().execute();
      const connections = await store.db.selectFrom("connections").selectAll().execute();
      await store.close();
      const forms = ["secrettoken99", key, Buffer.from(key, "base64").toString("hex"), ...written];
      for (const kept of [response.text, JSON.stringify(attempts), JSON.stringify(connections)]) {
        for (const layer of decodedLayers(kept)) {
          for (const form of forms) assert.ok(!foldCase(layer.text).includes(foldCase(form)), form);
        }
      }
    });

    it("keeps 16 KiB of a large response, and marks it as truncated", async () => {
      const id = await connect();
      receiver.respond = (response) => {
        response.writeHead(200);
        response.end("x".repeat(1_000_000));
      };
      const { delivery } = await test(id);
      assert.equal(delivery.ok, true);
      assert.equal(delivery.response.truncated, true);
      assert.equal(delivery.response.body.length, 16 * 1024);
    });

    it("is returned for a paused connection too, and two concurrent tests are two events", async () => {
      const id = await connect();
      await api.post(`/api/integrations/connections/${id}/pause`);
      const [one, two] = await Promise.all([test(id), test(id)]);
      assert.notEqual(one.delivery.event_id, two.delivery.event_id);
      assert.equal(one.connection.status, "paused");
      assert.equal(receiver.received.length, 2);
    });

    it("is a 200 for an empty body with a JSON content type", async () => {
      const id = await connect();
      const response = await api.post(`/api/integrations/connections/${id}/test`, "", {
        "content-type": "application/json",
      });
      assert.equal(response.status, 200);
    });
  });

  it("marks a test interrupted by kill -9 as failed at the next start, without sending it again", async () => {
    const database = await makeDatabase();
    const first = await startInstance(async () => database);
    const arrived = new Promise<void>((resolve) => {
      receiver.respond = () => resolve();
    });
    const created = await first.api.post("/api/integrations/webhook", {
      webhook_url: `${receiver.url}${HOOK_PATH}`,
    });
    const pending = first.api
      .post(`/api/integrations/connections/${created.body.data.id}/test`)
      .catch(() => "cut");
    await arrived;
    first.server.process.kill("SIGKILL");
    assert.equal(await pending, "cut");
    const store = database.open();
    assert.equal(await statusOfTheOne(store), "pending");
    // The timeout must have passed and the killed process be silent, so age both rows instead of waiting.
    const past = Date.now() - 60_000;
    await store.db.updateTable("deliveries").set({ next_attempt_at: past }).execute();
    await store.db.updateTable("workers").set({ heard_at: past }).execute();
    await store.close();
    const second = await startServer(database.environment, { dataDir: database.dataDir });
    const again = database.open();
    await until(async () => (await statusOfTheOne(again)) === "failed");
    await again.close();
    assert.equal(receiver.received.length, 1);
    await second.stop();
    await database.remove();
  });

  it("does not call loopback addresses from a server that others can reach", async () => {
    const database = await makeDatabase();
    const open = await startInstance(async () => database, { HOST: "0.0.0.0" });
    const refused = await open.api.post("/api/integrations/webhook", { webhook_url: `${receiver.url}/` });
    assert.equal(refused.status, 422);
    assert.equal(refused.body.code, "unsafe_url");
    assert.equal(refused.body.errors[0].path, "webhook_url");
    await open.remove();
  });
});

async function statusOfTheOne(store: Store): Promise<string> {
  const row = await store.db.selectFrom("deliveries").select("status").executeTakeFirstOrThrow();
  return row.status;
}
