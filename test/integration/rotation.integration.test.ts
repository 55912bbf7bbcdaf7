import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { afterEach, beforeEach, describe, it } from "node:test";
import { rotateSecrets } from "../../src/connections/rotate-secrets.ts";
import { ApiClient } from "../support/api-client.ts";
import { forEachDatabase, type TestDatabase } from "../support/databases.ts";
import { startTestReceiver, type TestReceiver } from "../support/receiver.ts";
import { type ServedApp, serveTestApp } from "../support/served-app.ts";

const HOUR = 60 * 60 * 1000;
const OLD_SECRET = "the secret the receiver holds";
const NEW_SECRET = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;

forEachDatabase((makeDatabase) => {
  let database: TestDatabase;
  let test: ServedApp;
  let receiver: TestReceiver;
  let path: string;

  beforeEach(async () => {
    database = await makeDatabase();
    test = await serveTestApp(database);
    receiver = await startTestReceiver();
    const id = await test.connect({ webhookUrl: `${receiver.url}/hook/token-1`, signingSecret: OLD_SECRET });
    path = `/api/integrations/connections/${id}`;
  });
  afterEach(async () => {
    await test.close();
    await receiver.close();
    await database.remove();
  });

  const rotate = async (body: Record<string, unknown> = {}) => {
    const response = await test.api.post(`${path}/rotate-secret`, { signing_secret: NEW_SECRET, ...body });
    assert.equal(response.status, 200, response.text);
    assert.ok(!response.text.includes(NEW_SECRET.slice("whsec_".length)), "no answer holds a secret");
    return response.body.data;
  };
  const untilOf = (connection: { config: { webhook: { previous_secret_expires_at: string | null } } }) =>
    connection.config.webhook.previous_secret_expires_at;

  /** The secrets for which the signatures of the next request are valid. */
  const signersOfNext = async (secrets: Record<string, string>) => {
    await test.accept({ type: "a.b" });
    await test.context.engine.worker.tick();
    const { headers, body } = receiver.received.at(-1) ?? assert.fail("nothing arrived");
    const nameOf = (holds: (secret: string) => boolean) =>
      Object.entries(secrets).find(([, secret]) => holds(secret))?.[0] ?? "nobody";
    const own = (name: string) =>
      headers[name] === undefined
        ? null
        : nameOf((secret) => headers[name] === hex(secret, `${headers["x-opensend-timestamp"]}.${body}`));
    const signed = `${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${body}`;
    const standard = String(headers["webhook-signature"])
      .split(" ")
      .map((entry) => nameOf((secret) => entry === `v1,${base64(secret, signed)}`));
    return {
      current: own("x-opensend-signature"),
      previous: own("x-opensend-signature-previous"),
      standard,
    };
  };

  describe("rotating the signing secret", () => {
    it("signs with both secrets during the overlap, then with the new one only", async () => {
      const until = untilOf(await rotate());
      const wholeSecond = Math.floor(test.clock.now / 1000) * 1000;
      assert.equal(until, new Date(wholeSecond + 24 * HOUR).toISOString());
      const secrets = { old: OLD_SECRET, new: NEW_SECRET };
      const both = { current: "new", previous: "old", standard: ["new", "old"] };
      assert.deepEqual(await signersOfNext(secrets), both);
      test.clock.now += 24 * HOUR - 1000;
      assert.deepEqual(await signersOfNext(secrets), both);
      test.clock.now += 1000;
      const alone = { current: "new", previous: null, standard: ["new"] };
      assert.deepEqual(await signersOfNext(secrets), alone);
    });

    it("accepts any text as a secret, and ends the previous one immediately without an overlap", async () => {
      const response = await rotate({ signing_secret: "my own new secret", overlap_hours: 0 });
      assert.equal(untilOf(response), null);
      assert.deepEqual(await signersOfNext({ old: OLD_SECRET, new: "my own new secret" }), {
        current: "new",
        previous: null,
        standard: ["new"],
      });
    });

    it("keeps the previous secret through a new URL or sealing key, and ends it with PATCH signing_secret", async () => {
      await rotate();
      const secrets = { old: OLD_SECRET, new: NEW_SECRET };
      const both = { current: "new", previous: "old", standard: ["new", "old"] };
      const patched = await test.api.patch(path, { webhook_url: `${receiver.url}/hook/token-2` });
      assert.notEqual(patched.body.data.config.webhook.previous_secret_expires_at, null);
      await rotateSecrets(test.context.services.integrations);
      assert.deepEqual(await signersOfNext(secrets), both);
      const ended = await test.api.patch(path, { signing_secret: OLD_SECRET });
      assert.equal(ended.body.data.config.webhook.previous_secret_expires_at, null);
      assert.deepEqual(await signersOfNext(secrets), { current: "old", previous: null, standard: ["old"] });
    });

    it("refuses a third secret during the overlap, and accepts it afterwards", async () => {
      const until = untilOf(await rotate({ overlap_hours: 1 }));
      const third = "the third secret";
      const again = await test.api.post(`${path}/rotate-secret`, { signing_secret: third });
      assert.equal(again.status, 409);
      assert.equal(again.body.code, "rotation_under_way");
      assert.match(again.body.detail, new RegExp(String(until)));
      test.clock.now += HOUR;
      await rotate({ signing_secret: third });
      assert.deepEqual(await signersOfNext({ second: NEW_SECRET, third }), {
        current: "third",
        previous: "second",
        standard: ["third", "second"],
      });
    });

    it("changes nothing when repeated with the same secret, as after a lost response", async () => {
      const first = await rotate();
      test.clock.now += HOUR;
      assert.deepEqual(await rotate(), first);
      const secrets = { old: OLD_SECRET, new: NEW_SECRET };
      assert.deepEqual(await signersOfNext(secrets), {
        current: "new",
        previous: "old",
        standard: ["new", "old"],
      });
    });

    it("is refused without a secret, for a disconnected connection and with invalid values", async () => {
      const codeOf = async (body: unknown) => {
        const response = await test.api.post(`${path}/rotate-secret`, body);
        return [response.status, response.body.code];
      };
      const whole = { signing_secret: NEW_SECRET };
      for (const body of [
        {},
        { ...whole, overlap_hours: 169 },
        { ...whole, overlap_hours: -1 },
        { signing_secret: "" },
        { ...whole, x: 1 },
      ])
        assert.deepEqual(await codeOf(body), [422, "validation_failed"], JSON.stringify(body));
      await test.api.patch(path, { signing_secret: null });
      assert.deepEqual(await codeOf(whole), [409, "no_signing_secret"]);
      await test.api.delete(path);
      assert.deepEqual(await codeOf(whole), [409, "not_connected"]);
      const { key } = await test.makeKey(await test.makeWorkspace());
      const outsider = new ApiClient(test.url, { key });
      assert.equal((await outsider.post(`${path}/rotate-secret`, whole)).status, 404);
    });

    it("shows neither secret anywhere", async () => {
      receiver.respond = (response, request) =>
        void response.writeHead(400).end(`${JSON.stringify(request.headers)} ${OLD_SECRET}`);
      await rotate();
      await test.accept({ type: "a.b" });
      await test.context.engine.worker.tick();
      const { db } = test.context.store;
      const rows = [
        await db.selectFrom("audit_entries").selectAll().execute(),
        await db.selectFrom("connections").selectAll().execute(),
        await db.selectFrom("attempts").selectAll().execute(),
        await db.selectFrom("idempotency_keys").selectAll().execute(),
        (await test.api.get(path)).text,
        (await test.api.get("/api/audit-log")).text,
      ];
      const text = JSON.stringify(rows);
      assert.match(text, /connection\.secret_rotated/);
      assert.match(text, /x-opensend-signature-previous/);
      for (const secret of [NEW_SECRET, NEW_SECRET.slice("whsec_".length), OLD_SECRET])
        assert.equal(text.includes(secret), false, "a secret is shown");
    });
  });
});

function hex(secret: string, text: string): string {
  return createHmac("sha256", secret).update(text).digest("hex");
}

function base64(secret: string, text: string): string {
  const key = secret.startsWith("whsec_") ? Buffer.from(secret.slice("whsec_".length), "base64") : secret;
  return createHmac("sha256", key).update(text).digest("base64");
}
