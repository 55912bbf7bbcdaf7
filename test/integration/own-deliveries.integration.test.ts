import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { createApiKey } from "../../src/auth/api-keys.ts";
import { newId } from "../../src/db/new-id.ts";
import { ApiClient } from "../support/api-client.ts";
import { checkResponse } from "../support/check-response.ts";
import { forEachDatabase, type TestDatabase } from "../support/databases.ts";
import { startTestReceiver, type TestReceiver } from "../support/receiver.ts";
import { seedConnections } from "../support/seed-connections.ts";
import { seedDeliveries } from "../support/seed-deliveries.ts";
import { type ServedApp, serveTestApp } from "../support/served-app.ts";

const MINUTE = 60_000;

type Key = { readonly id: string; readonly client: ApiClient };

forEachDatabase((makeDatabase) => {
  let database: TestDatabase;
  let app: ServedApp;
  let receiver: TestReceiver;
  let key: Key;
  /** The key's connection, and another one. */
  let own: string;
  let foreign: string;

  const makeKey = async (eventTypes: readonly string[] | null = null): Promise<Key> => {
    const { workspaceId } = app;
    const actor = { kind: "system", id: null, name: "Test", workspaceId, address: null } as const;
    const input = { name: "Zapier", access: "connections", expiresAt: null, eventTypes } as const;
    const made = await createApiKey(app.context.services.access.apiKeys, actor, input);
    return { id: made.apiKey.id, client: new ApiClient(app.url, { key: made.key }) };
  };
  const connectAs = async (client: ApiClient, name: string): Promise<string> => {
    const made = await client.post("/api/integrations/webhook", {
      webhook_url: `${receiver.url}/hook`,
      name,
    });
    assert.equal(made.status, 201, made.text);
    return made.body.data.id;
  };

  beforeEach(async () => {
    database = await makeDatabase();
    app = await serveTestApp(database);
    receiver = await startTestReceiver();
    receiver.respond = (response) => void response.writeHead(500).end("out of order");
    key = await makeKey();
    own = await connectAs(key.client, "Own");
    foreign = await connectAs(app.api, "Of others");
  });
  afterEach(async () => {
    await app.close();
    await receiver.close();
    await database.remove();
  });

  const db = () => app.context.store.db;
  /** Sends an event to both connections, where it fails. */
  const fail = async (type = "order.paid") => {
    app.clock.now += MINUTE;
    await app.accept({ type });
    await app.context.engine.worker.tick();
    await app.context.engine.folder.foldAll();
    const [mine, theirs] = await Promise.all([app.delivery(own), app.delivery(foreign)]);
    return { mine, theirs };
  };
  const listed = async (query = "", { client }: Key = key): Promise<readonly string[]> => {
    const list = await client.get(`/api/deliveries${query}`);
    checkResponse("GET", "/api/deliveries", list);
    assert.equal(list.status, 200, list.text);
    return list.body.data.map((one: { id: string }) => one.id);
  };

  describe("a key with connections access", () => {
    it("reads the deliveries of its own connections, however they are asked for", async () => {
      const { mine, theirs } = await fail();
      for (const query of [
        "",
        "?status=pending",
        "?status=pending,failed,delivered",
        "?error_code=http_status",
        "?response=5xx",
        "?event_type=order.*",
        "?sort=created_at",
        "?sort=-duration_ms",
        "?sort=-updated_at",
        "?q=out%20of%20order",
        `?connection_id=${own}`,
        `?connection_id=${own},${foreign}`,
      ]) {
        assert.deepEqual(await listed(query), [mine.id], query);
      }
      assert.deepEqual(await listed(`?connection_id=${foreign}`), []);
      const event = await app.api.get(`/api/deliveries/${theirs.id}`);
      assert.deepEqual(await listed(`?event_id=${event.body.data.event_id}`), [mine.id]);
      assert.equal((await app.api.get("/api/deliveries")).body.data.length, 2, "others read all of them");

      const one = await key.client.get(`/api/deliveries/${mine.id}`);
      checkResponse("GET", "/api/deliveries/{id}", one);
      assert.equal(one.body.data.attempts[0].response.body, "out of order");
      const attempts = await key.client.get(`/api/deliveries/${mine.id}/attempts`);
      checkResponse("GET", "/api/deliveries/{id}/attempts", attempts);
      assert.equal(attempts.body.data.length, 1);
      for (const path of [theirs.id, `${theirs.id}/attempts`, newId()]) {
        const missing = await key.client.get(`/api/deliveries/${path}`);
        assert.deepEqual([missing.status, missing.body.code], [404, "not_found"], path);
      }
    });

    it("reads nothing while it has no connection, and what a key left that it replaces", async () => {
      const { mine } = await fail();
      assert.deepEqual(await listed("", await makeKey()), []);
      const replacing = await app.api.post("/api/api-keys", {
        name: "New",
        access: "connections",
        replaces: key.id,
      });
      const client = new ApiClient(app.url, { key: replacing.body.key });
      assert.deepEqual(await listed("", { id: "", client }), [mine.id]);
      await key.client.delete(`/api/integrations/connections/${own}`);
      assert.deepEqual(await listed(), [mine.id], "of a disconnected connection too");
    });

    it("pages through the deliveries of a thousand connections among those of others", async () => {
      const { workspaceId } = app;
      const many = await makeKey();
      const ids = await seedConnections(db(), workspaceId, 1000, (index) => ({
        owner_key_id: index % 2 === 0 ? many.id : null,
      }));
      const from = app.clock.now - 60 * MINUTE;
      const expected: string[] = [];
      for (const [index, connectionId] of ids.slice(0, 40).entries()) {
        const at = { workspaceId, connectionId, count: 3, from: from + index * MINUTE };
        const seeded = await seedDeliveries(db(), { ...at, responseStatus: 500 });
        if (index % 2 === 0) expected.push(...seeded.map(({ id }) => id));
      }
      const found: string[] = [];
      for (let query = "?limit=25"; ; ) {
        const page = await many.client.get(`/api/deliveries${query}`);
        found.push(...page.body.data.map((one: { id: string }) => one.id));
        if (!page.body.has_more) break;
        query = `?limit=25&cursor=${page.body.next_cursor}`;
      }
      assert.deepEqual(found, expected.toReversed());
      assert.equal((await listed("?status=failed&limit=100", many)).length, 60);
      assert.deepEqual(await listed(`?connection_id=${ids[1]}`, many), []);
    });

    it("reads the issues of its own connections", async () => {
      const { mine } = await fail();
      const list = await key.client.get("/api/issues");
      checkResponse("GET", "/api/issues", list);
      const [issue, ...more] = list.body.data;
      assert.deepEqual(more, []);
      assert.deepEqual(
        [issue.connection_id, issue.receiver_text, issue.example_delivery_id],
        [own, "out of order", mine.id],
      );
      assert.equal((await key.client.get(`/api/issues/${issue.id}`)).body.data.connection_id, own);
      const others = await app.api.get(`/api/issues?connection_id=${foreign}`);
      const theirs = others.body.data[0].id;
      assert.equal((await key.client.get(`/api/issues/${theirs}`)).status, 404);
      for (const query of [`connection_id=${foreign}`, `connection_id=${foreign}&state=all`]) {
        assert.deepEqual((await key.client.get(`/api/issues?${query}`)).body.data, [], query);
      }
      assert.equal((await key.client.patch(`/api/issues/${issue.id}`, { state: "muted" })).status, 403);
    });

    it("retries its own deliveries, one or all that are pending", async () => {
      const { mine, theirs } = await fail();
      const headers = { "idempotency-key": "again" };
      for (const replayed of [null, "true"]) {
        const retried = await key.client.post(`/api/deliveries/${mine.id}/retry`, undefined, headers);
        checkResponse("POST", "/api/deliveries/{id}/retry", retried);
        assert.equal(retried.status, 200, retried.text);
        assert.equal(retried.headers.get("idempotent-replayed"), replayed);
      }
      assert.equal((await key.client.post(`/api/deliveries/${theirs.id}/retry`)).status, 404);
      assert.equal((await key.client.post(`/api/deliveries/${mine.id}/cancel`)).status, 403);
      await app.context.engine.worker.tick();

      const before = await app.delivery(foreign);
      for (const body of [{ ids: [mine.id, theirs.id] }, { filter: {} }]) {
        const pending = await key.client.post("/api/deliveries/retry-pending", body);
        checkResponse("POST", "/api/deliveries/retry-pending", pending);
        assert.deepEqual([pending.status, pending.body.retried], [200, 1], pending.text);
        await app.context.engine.worker.tick();
      }
      const none = { filter: { connection_id: foreign } };
      assert.equal((await key.client.post("/api/deliveries/retry-pending", none)).body.retried, 0);
      assert.deepEqual(await app.delivery(foreign), before);
    });

    it("clears the queues of its own connections", async () => {
      await fail();
      const path = (id: string) => `/api/integrations/connections/${id}/clear-queue`;
      const cleared = await key.client.post(path(own));
      checkResponse("POST", "/api/integrations/connections/{id}/clear-queue", cleared);
      assert.deepEqual([cleared.status, cleared.body.cancelled], [200, 1]);
      assert.equal((await key.client.post(path(foreign))).status, 404);
      assert.equal((await app.delivery(foreign)).status, "pending");
    });

    it("reads no payload that it may not subscribe to, but its tests", async () => {
      const limited = await makeKey(["order.*"]);
      const connection = await connectAs(limited.client, "Limited");
      const patch = { event_types: ["*", "integration.paused"] };
      assert.equal((await app.api.patch(`/api/integrations/connections/${connection}`, patch)).status, 200);
      receiver.respond = (response) => void response.writeHead(200).end();
      await app.accept({ type: "order.paid" });
      await app.accept({ type: "user.created" });
      await app.context.engine.worker.tick();
      const tested = await limited.client.post(`/api/integrations/connections/${connection}/test`);
      assert.equal(tested.status, 200, tested.text);
      const list = await limited.client.get("/api/deliveries");
      const types = list.body.data.map((one: { event_type: string }) => one.event_type);
      assert.deepEqual(types.sort(), ["integration.test", "order.paid"]);
      const all = await app.api.get(`/api/deliveries?connection_id=${connection}&event_type=user.created`);
      const { id } = all.body.data[0];
      assert.equal((await limited.client.get(`/api/deliveries/${id}`)).status, 404);
      assert.equal((await limited.client.post(`/api/deliveries/${id}/retry`)).status, 404);
    });

    it("reads nothing of OpenSend's own events", async () => {
      const patch = { event_types: ["*", "integration.paused"] };
      assert.equal((await app.api.patch(`/api/integrations/connections/${own}`, patch)).status, 200);
      await fail();
      receiver.respond = (response) => void response.writeHead(410).end();
      await fail("order.gone");
      const all = await app.api.get(`/api/deliveries?connection_id=${own}&event_type=integration.paused`);
      assert.ok(all.body.data.length > 0, "a person reads it");
      const types = new Set<string>();
      for (const one of (await key.client.get("/api/deliveries")).body.data) types.add(one.event_type);
      assert.deepEqual([...types].sort(), ["order.gone", "order.paid"]);
      const { id } = all.body.data[0];
      assert.equal((await key.client.get(`/api/deliveries/${id}`)).status, 404);
    });
  });
});
