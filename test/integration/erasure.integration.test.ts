import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import { sql } from "kysely";
import { checkResponse } from "../support/check-response.ts";
import { forEachDatabase } from "../support/databases.ts";
import { addUser, keyOfAnotherWorkspace, startInstance, type TestInstance } from "../support/instance.ts";
import { startTestReceiver, type TestReceiver } from "../support/receiver.ts";
import { until } from "../support/until.ts";

/** A new one in each test. */
let secret = "";

forEachDatabase((makeDatabase, dialect) => {
  let instance: TestInstance;
  let receiver: TestReceiver;

  before(async () => {
    instance = await startInstance(makeDatabase);
    receiver = await startTestReceiver();
  });
  after(async () => {
    await instance.remove();
    await receiver.close();
  });
  const connections: string[] = [];
  beforeEach(() => {
    secret = `born-${Math.random().toString(36).slice(2)}`;
    receiver.respond = (response, { body }) => void response.writeHead(422).end(`cannot read ${body}`);
  });
  afterEach(async () => {
    for (const id of connections.splice(0)) await instance.api.delete(`/api/integrations/connections/${id}`);
  });

  const connect = async (eventType: string) => {
    const body = { webhook_url: `${receiver.url}/hook`, event_types: [eventType] };
    const response = await instance.api.post("/api/integrations/webhook", body);
    assert.equal(response.status, 201, response.text);
    connections.push(response.body.data.id);
    return response.body.data.id as string;
  };
  const post = async (type: string, data: unknown = { name: secret }) => {
    const response = await instance.api.post("/api/events", { type, data });
    assert.equal(response.status, 202, response.text);
    return response.body.data.id as string;
  };
  const deliveryOf = async (eventId: string) =>
    (await instance.api.get(`/api/deliveries?event_id=${eventId}`)).body.data[0];
  const erase = async (id: string, query = "") => {
    const response = await instance.api.delete(`/api/events/${id}/data${query}`);
    checkResponse("DELETE", "/api/events/{id}/data", response);
    return response;
  };
  const erasures = async () => {
    const response = await instance.api.get("/api/audit-log?action=event.data_erased");
    return response.body.data as { target: { kind: string; id: string }; metadata: object }[];
  };
  /** Searches every text of every table, and on SQLite the bytes of its files. */
  const isKept = async (text: string) => {
    const store = instance.database.open();
    try {
      for (const table of [
        "events",
        "deliveries",
        "attempts",
        "inspector_requests",
        "idempotency_keys",
        "audit_entries",
        "connections",
      ]) {
        const { rows } = await sql`select * from ${sql.table(table)}`.execute(store.db);
        if (JSON.stringify(rows).includes(text)) return `a row of ${table}`;
      }
    } finally {
      await store.close();
    }
    if (dialect === "postgres") return null;
    const files = readdirSync(instance.database.dataDir).filter((name) => name.startsWith("opensend.db"));
    return files.find((name) => readFileSync(join(instance.database.dataDir, name)).includes(text)) ?? null;
  };

  describe("erasing a payload", () => {
    it("removes every copy of it, and keeps the event and its deliveries' statuses", async () => {
      await connect("erased.event");
      const inspector = await instance.api.post("/api/integrations/inspector");
      assert.ok(inspector.status < 300, inspector.text);
      connections.push(inspector.body.data.id);
      const noise = await Promise.all(
        Array.from({ length: 40 }, (_, index) => post("other.event", { noise: "n".repeat(index * 97) })),
      );
      const id = await post("erased.event");
      const long = await post("erased.long", { name: secret, padding: "p".repeat(100_000) });
      await until(async () => (await instance.api.get("/api/inspector/requests")).body.data.length > 0);
      await until(async () => {
        const all = (await instance.api.get(`/api/deliveries?event_id=${id}`)).body.data;
        return all.length === 2 && all.every((one: { attempt_count: number }) => one.attempt_count > 0);
      });
      await until(async () => (await deliveryOf(long)).status === "delivered");
      assert.notEqual(await isKept(secret), null);
      const erased = await erase(id, "?cancel_pending=true");
      assert.equal(erased.status, 200, erased.text);
      assert.deepEqual([erased.body.data.data, erased.body.data.data_text], [null, null]);
      assert.equal(erased.body.data.payload_deleted, true);
      assert.ok(erased.body.data.data_erased_at !== null);
      assert.equal(erased.body.data.deliveries.length, 2);
      assert.equal((await erase(long)).status, 200);
      assert.equal(await isKept(secret), null);
      assert.equal((await instance.api.get(`/api/events/${noise[3]}`)).body.data.payload_deleted, false);
      await instance.api.delete("/api/inspector/requests");
    });

    it("is done once, and recorded in the audit log without the payload", async () => {
      const id = await post("nobody.wants");
      const before = (await erasures()).length;
      const first = await erase(id);
      const again = await erase(id);
      assert.deepEqual([first.status, again.status], [200, 200]);
      assert.equal(again.body.data.data_erased_at, first.body.data.data_erased_at);
      const entries = await erasures();
      assert.equal(entries.length, before + 1);
      assert.deepEqual(entries[0]?.target, { ...entries[0]?.target, kind: "event", id });
      assert.ok(!JSON.stringify(entries).includes(secret));
    });

    it("is refused while deliveries are pending, unless they are to be cancelled", async () => {
      receiver.respond = (response) => void response.writeHead(503).end();
      const connection = await connect("pending.event");
      await instance.api.post(`/api/integrations/connections/${connection}/pause`);
      const id = await post("pending.event");
      const refused = await erase(id);
      assert.equal(refused.status, 409, refused.text);
      assert.equal(refused.body.code, "delivery_state");
      assert.equal((await deliveryOf(id)).status, "pending");
      assert.equal((await instance.api.get(`/api/events/${id}`)).body.data.payload_deleted, false);
      const erased = await erase(id, "?cancel_pending=true");
      assert.equal(erased.status, 200, erased.text);
      assert.equal((await deliveryOf(id)).status, "cancelled");
      await until(async () => {
        const store = instance.database.open();
        const rows = await store.db.selectFrom("pending_counts").selectAll().execute();
        await store.close();
        return rows.every((row) => row.pending === 0);
      });
    });

    it("stores no response of an attempt that was in flight", async () => {
      let answer: () => void = () => undefined;
      receiver.respond = (response, { body }) => {
        answer = () => void response.writeHead(200).end(`thanks for ${body}`);
      };
      await connect("slow.event");
      const id = await post("slow.event");
      await until(() => receiver.received.some(({ body }) => body.includes("slow.event")));
      assert.equal((await erase(id, "?cancel_pending=true")).status, 200);
      answer();
      await until(async () => (await deliveryOf(id)).status === "delivered");
      const { id: deliveryId } = await deliveryOf(id);
      assert.deepEqual((await instance.api.get(`/api/deliveries/${deliveryId}`)).body.data.attempts, []);
      assert.equal(await isKept(secret), null);
    });

    it("makes a later retry fail with the reason", async () => {
      receiver.respond = (response) => void response.writeHead(200).end();
      await connect("again.event");
      const id = await post("again.event");
      await until(async () => (await deliveryOf(id))?.status === "delivered");
      const { data_erased_at: erasedAt } = (await erase(id)).body.data;
      const { id: deliveryId } = await deliveryOf(id);
      const retried = await instance.api.post(`/api/deliveries/${deliveryId}/retry`);
      assert.equal(retried.status, 409);
      assert.equal(retried.body.code, "payload_deleted");
      assert.ok(retried.body.detail.includes(`erased on ${erasedAt}`), retried.body.detail);
      const repeated = await instance.api.post("/api/events", {
        type: "again.event",
        data: { name: secret },
        id,
      });
      assert.equal(repeated.status, 202, "the event itself is still known");
      assert.equal(await isKept(secret), null);
    });

    it("requires write access to the event's workspace", async () => {
      const id = await post("nobody.wants");
      const viewer = await addUser(instance, "viewer");
      assert.equal((await viewer.delete(`/api/events/${id}/data`)).status, 403);
      const outsider = await keyOfAnotherWorkspace(instance);
      assert.equal((await outsider.delete(`/api/events/${id}/data`)).status, 404);
      assert.equal((await erase("42")).status, 400);
      assert.equal((await erase(id, "?cancel_pending=yes")).status, 422);
      assert.equal((await instance.api.get(`/api/events/${id}`)).body.data.payload_deleted, false);
    });
  });
});
