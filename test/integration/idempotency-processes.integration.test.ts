import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { newId } from "../../src/db/new-id.ts";
import { ApiClient } from "../support/api-client.ts";
import { forEachDatabase } from "../support/databases.ts";
import { startInstance, type TestInstance } from "../support/instance.ts";
import { startTestReceiver, type TestReceiver } from "../support/receiver.ts";
import { type RunningServer, startServer } from "../support/server.ts";
import { until } from "../support/until.ts";

const CONNECT = "/api/integrations/webhook";
const CONNECTIONS = "/api/integrations/connections";
const OLD_KEY = "an encryption key with enough randomness 9c1e";
const NEW_KEY = "another encryption key, random as well 4b7d";

type Described = { readonly parameters?: readonly { readonly in?: string; readonly name?: string }[] };
const openapi = JSON.parse(readFileSync(join(import.meta.dirname, "../../openapi.json"), "utf8")) as {
  paths: Record<string, Record<string, Described>>;
};
/** Every call that can change something, including calls added later. */
const CHANGES = Object.entries(openapi.paths).flatMap(([path, methods]) =>
  Object.entries(methods)
    .filter(([method]) => method !== "get")
    .map(([method, { parameters = [] }]) => ({
      method: method.toUpperCase(),
      path,
      takesKey: parameters.some((one) => one.in === "header" && one.name === "idempotency-key"),
    })),
);
const HONORED = [
  "POST /api/integrations/webhook",
  "POST /api/integrations/connections/{id}/test",
  "POST /api/integrations/connections/{id}/rotate-secret",
  "POST /api/events",
  "POST /api/events/batch",
  "POST /api/deliveries/{id}/retry",
  "POST /api/deliveries/{id}/cancel",
  "POST /api/deliveries/retry",
  "POST /api/deliveries/replay",
];

forEachDatabase((makeDatabase, _dialect) => {
  let instance: TestInstance;
  let server: RunningServer;
  let receiver: TestReceiver;

  before(async () => {
    const environment = { INTEGRATION_SECRET_ENCRYPTION_KEY: OLD_KEY };
    [instance, receiver] = await Promise.all([startInstance(makeDatabase, environment), startTestReceiver()]);
    server = instance.server;
  });
  after(async () => {
    await server.stop();
    await Promise.all([instance.remove(), receiver.close()]);
  });
  const startAgain = async (environment: Record<string, string>) => {
    const whole = { ...instance.environment, ...environment };
    server = await startServer(whole, { dataDir: instance.database.dataDir });
  };
  const post = (path: string, body: unknown, key: string) =>
    new ApiClient(server.url, { key: instance.key }).post(path, body, { "idempotency-key": key });
  const connectBody = () => ({ webhook_url: `${receiver.url}/hook`, signing_secret: "a-signing-secret" });

  describe("a call that does not honor the key", () => {
    it("refuses it before anything else, for every caller", async () => {
      assert.deepEqual(
        CHANGES.filter(({ takesKey }) => takesKey).map(({ method, path }) => `${method} ${path}`),
        HONORED,
      );
      const others = CHANGES.filter(({ takesKey }) => !takesKey);
      assert.ok(others.length > 25);
      const { owner } = instance;
      for (const { method, path } of others) {
        const body = method === "DELETE" ? undefined : {};
        const headers = { "idempotency-key": "not here" };
        const response = await owner.send(method, path.replace("{id}", newId()), body, headers);
        const got = [response.status, response.body?.code];
        assert.deepEqual(got, [400, "idempotency_not_supported"], `${method} ${path}: ${response.text}`);
      }
      assert.equal((await owner.get("/api/session")).status, 200, "the session was not ended");
      const unknown = await owner.send("PUT", "/api/events", {}, { "idempotency-key": "k" });
      assert.equal(unknown.body.code, "method_not_allowed", "what is no call is refused as such");
      const reading = await owner.get("/api/integrations", { "idempotency-key": "k" });
      assert.equal(reading.status, 200, "reading changes nothing");
    });
  });

  describe("a repeat after a restart", () => {
    it("is recognized under a new encryption key, even without the previous one", async () => {
      const body = connectBody();
      const connected = await post(CONNECT, body, "rotated-1");
      assert.equal(connected.status, 201, connected.text);
      const testPath = `/api/integrations/connections/${connected.body.data.id}/test`;
      const tested = await post(testPath, undefined, "rotated-2");
      assert.equal(tested.body.delivery.ok, true, tested.text);
      const keys = { INTEGRATION_SECRET_ENCRYPTION_KEY: NEW_KEY };
      for (const previous of [{ INTEGRATION_SECRET_ENCRYPTION_KEY_PREVIOUS: OLD_KEY }, {}]) {
        await server.stop();
        await startAgain({ ...keys, ...previous });
        const again = await post(CONNECT, body, "rotated-1");
        assert.deepEqual([again.status, again.body.data?.id], [201, connected.body.data.id], again.text);
        assert.equal(again.headers.get("idempotent-replayed"), "true");
        const retested = await post(testPath, undefined, "rotated-2");
        assert.deepEqual(retested.body.delivery, tested.body.delivery, retested.text);
      }
      const connections = (await new ApiClient(server.url, { key: instance.key }).get(CONNECTIONS)).body.data;
      assert.equal(connections.length, 1);
      assert.equal(receiver.received.length, 1);
    });

    it("of a test whose process was killed reports an interrupted test, and does not send it again", async () => {
      const connected = await post(CONNECT, connectBody(), "killed-1");
      const path = `/api/integrations/connections/${connected.body.data.id}/test`;
      const sent = receiver.received.length;
      receiver.respond = () => undefined;
      const cutOff = post(path, undefined, "killed-2").catch(() => "cut off");
      await until(() => receiver.received.length === sent + 1);
      server.process.kill("SIGKILL");
      assert.equal(await cutOff, "cut off");
      receiver.respond = (response) => response.end("well again");
      await startAgain({ INTEGRATION_SECRET_ENCRYPTION_KEY: NEW_KEY });
      // The process that sends the test might still be running.
      const meanwhile = await post(path, undefined, "killed-2");
      assert.deepEqual([meanwhile.status, meanwhile.body.code], [409, "idempotency_key_in_use"]);
      await endTime();
      const again = await post(path, undefined, "killed-2");
      assert.equal(again.status, 200, again.text);
      assert.equal(again.headers.get("idempotent-replayed"), "true");
      const { ok, status, response, error, explanation } = again.body.delivery;
      assert.deepEqual([ok, status, response, error.code], [false, null, null, "interrupted"]);
      assert.match(explanation.detail, /unknown/);
      assert.equal((await post(path, undefined, "killed-3")).body.delivery.ok, true);
      assert.equal(receiver.received.length, sent + 2, "only the test under a new key was sent");
    });

    /** Simulates that the time for recording the result has passed. */
    async function endTime(): Promise<void> {
      const store = instance.database.open();
      await store.db
        .updateTable("deliveries")
        .set({ next_attempt_at: 1 })
        .where("trigger_kind", "=", "test")
        .where("status", "=", "pending")
        .execute();
      await store.close();
    }
  });
});
