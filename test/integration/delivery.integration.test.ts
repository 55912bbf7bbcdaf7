import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { afterEach, beforeEach, describe, it } from "node:test";
import { disconnect } from "../../src/connections/disconnect.ts";
import { pause, resume } from "../../src/connections/pause.ts";
import { getConnection } from "../../src/connections/read.ts";
import { ATTEMPT_COLUMNS } from "../../src/dispatch/attempt-row.ts";
import { cancelDelivery } from "../../src/history/change-delivery.ts";
import { storeNoKey } from "../../src/idempotency/only-once.ts";
import { forEachDatabase, type TestDatabase } from "../support/databases.ts";
import { startTestReceiver, type TestReceiver } from "../support/receiver.ts";
import { openTestApp, type TestApp } from "../support/test-app.ts";
import { until } from "../support/until.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

forEachDatabase((makeDatabase) => {
  let database: TestDatabase;
  let test: TestApp;
  let receiver: TestReceiver;

  beforeEach(async () => {
    database = await makeDatabase();
    test = await openTestApp(database);
    receiver = await startTestReceiver();
  });
  afterEach(async () => {
    await test.close();
    await receiver.close();
    await database.remove();
  });

  const response = (status: number, headers: Record<string, string> = {}) => {
    receiver.respond = (response) => void response.writeHead(status, headers).end();
  };
  const connection = async (id: string) => getConnection(test.context.store.db, test.workspaceId, id);
  const actor = () =>
    ({ kind: "system", id: null, name: "Test", workspaceId: test.workspaceId, address: null }) as const;

  describe("sending", () => {
    it("delivers the exact data, signed, to every connection subscribed to the type, and to no other", async () => {
      const all = await test.connect({ webhookUrl: `${receiver.url}/all`, signingSecret: "secret-of-all" });
      const orders = await test.connect({ webhookUrl: `${receiver.url}/orders`, eventTypes: ["order.*"] });
      await test.connect({ webhookUrl: `${receiver.url}/users`, eventTypes: ["user.created"] });
      const dataJson = '{"big":123456789012345678901234567890,"float":1.10,"text":"\\u00e9\\/"}';
      const eventId = await test.accept({ type: "order.paid", dataJson, createdAt: Date.UTC(2026, 5, 6) });
      await test.context.engine.worker.tick();
      assert.deepEqual(receiver.received.map(({ path }) => path).toSorted(), ["/all", "/orders"]);
      const expected = `{"type":"order.paid","created_at":"2026-06-06T00:00:00.000Z","data":${dataJson}}`;
      for (const request of receiver.received) {
        assert.equal(request.body, expected);
        assert.equal(request.headers["webhook-id"], eventId);
      }
      const signed = receiver.received.find(({ path }) => path === "/all");
      const timestamp = signed?.headers["x-opensend-timestamp"];
      const signature = createHmac("sha256", "secret-of-all")
        .update(`${timestamp}.${expected}`)
        .digest("hex");
      assert.equal(signed?.headers["x-opensend-signature"], signature);
      for (const id of [all, orders]) assert.equal((await test.delivery(id)).status, "delivered");
      assert.equal((await connection(all)).health, "healthy");
    });

    it("sends an accepted event immediately, without waiting for a poll", async () => {
      // The worker is not started, so there is no poll.
      await test.connect({ webhookUrl: `${receiver.url}/hook` });
      await test.accept({ type: "a.b" });
      await until(() => receiver.received.length === 1);
    });

    it("retries by the schedule until it is used up, with the same webhook-id and a new timestamp", async () => {
      const id = await test.connect({ webhookUrl: `${receiver.url}/hook`, signingSecret: "retry-secret" });
      response(503);
      await test.accept({ type: "a.b" });
      const gaps: number[] = [];
      for (let attempt = 1; attempt <= 10; attempt++) {
        await test.context.engine.worker.tick();
        const state = await test.delivery(id);
        assert.equal(state.attempt_count, attempt);
        assert.equal(state.status, attempt < 10 ? "pending" : "failed");
        if (state.next_attempt_at === null) break;
        gaps.push(state.next_attempt_at - test.clock.now);
        test.clock.now = state.next_attempt_at - 1;
        await test.context.engine.worker.tick();
        assert.equal(receiver.received.length, attempt, "nothing leaves before it is due");
        test.clock.now += 1;
      }
      const nominal = [
        5 * SECOND,
        5 * MINUTE,
        30 * MINUTE,
        2 * HOUR,
        5 * HOUR,
        10 * HOUR,
        14 * HOUR,
        20 * HOUR,
        DAY,
      ];
      assert.equal(gaps.length, nominal.length);
      for (const [index, gap] of gaps.entries()) {
        assert.ok(Math.abs(gap / (nominal[index] ?? 0) - 1) <= 0.2001, `gap ${index}: ${gap}`);
      }
      assert.equal(new Set(receiver.received.map(({ headers }) => headers["webhook-id"])).size, 1);
      assert.equal(new Set(receiver.received.map(({ headers }) => headers["webhook-timestamp"])).size, 10);
      assert.equal((await connection(id)).health, "unhealthy");
    });

    it("waits as long as Retry-After requests", async () => {
      const id = await test.connect({ webhookUrl: `${receiver.url}/hook` });
      response(429, { "retry-after": "120" });
      await test.accept({ type: "a.b" });
      await test.context.engine.worker.tick();
      assert.equal((await test.delivery(id)).next_attempt_at, test.clock.now + 120 * SECOND);
      response(200);
      test.clock.now += 120 * SECOND;
      await test.context.engine.worker.tick();
      assert.equal((await test.delivery(id)).status, "delivered");
    });
  });

  describe("pausing", () => {
    it("pauses a connection as gone on 410, keeps its backlog, and sends it oldest first on resume", async () => {
      const id = await test.connect({ webhookUrl: `${receiver.url}/hook` });
      response(410);
      await test.accept({ type: "n.0" });
      await test.context.engine.worker.tick();
      const gone = await connection(id);
      assert.equal(gone.status, "paused");
      assert.equal(gone.pausedReason, "gone");
      for (let index = 1; index <= 3; index++) {
        test.clock.now += SECOND;
        await test.accept({ type: `n.${index}` });
      }
      await test.context.engine.worker.tick();
      assert.equal(receiver.received.length, 1, "nothing is sent while it is paused");
      response(200);
      await resume(test.context.services.integrations, actor(), id);
      // After the resume the receiver is unproven and gets one request at a time, so the order is visible.
      for (let round = 0; round < 4; round++) {
        test.clock.now += MINUTE;
        await test.context.engine.worker.tick();
      }
      const types = receiver.received.slice(1).map(({ body }) => JSON.parse(body).type);
      assert.deepEqual(types, ["n.0", "n.1", "n.2", "n.3"]);
    });

    it("pauses a connection after five days of failures only, not one day earlier, and records it in the audit log", async () => {
      const id = await test.connect({ webhookUrl: `${receiver.url}/hook` });
      response(500);
      for (let day = 0; day <= 5; day++) {
        assert.equal((await connection(id)).status, "connected", `day ${day}`);
        await test.accept({ type: "a.b" });
        await test.context.engine.worker.tick();
        test.clock.now += DAY;
      }
      await test.accept({ type: "a.b" });
      await test.context.engine.worker.tick();
      const paused = await connection(id);
      assert.equal(paused.status, "paused");
      assert.equal(paused.pausedReason, "failing");
      const entries = await test.context.store.db
        .selectFrom("audit_entries")
        .select(["action", "actor_kind"])
        .where("action", "=", "connection.paused")
        .execute();
      assert.deepEqual(
        entries.map((entry) => ({ ...entry })),
        [{ action: "connection.paused", actor_kind: "system" }],
      );
    });

    it("queues deliveries for a manually paused connection, and does not affect the others", async () => {
      const paused = await test.connect({ webhookUrl: `${receiver.url}/paused` });
      const other = await test.connect({ webhookUrl: `${receiver.url}/other` });
      await pause(test.context.services.integrations, actor(), paused);
      await test.accept({ type: "a.b" });
      await test.context.engine.worker.tick();
      assert.equal((await test.delivery(paused)).status, "pending");
      assert.equal((await test.delivery(other)).status, "delivered");
      await resume(test.context.services.integrations, actor(), paused);
      await test.context.engine.worker.tick();
      assert.equal((await test.delivery(paused)).status, "delivered");
    });
  });

  describe("a receiver that fails", () => {
    it("is probed with one request at a time, and gets its backlog once it recovers", async () => {
      const id = await test.connect({ webhookUrl: `${receiver.url}/hook` });
      response(500);
      for (let index = 0; index < 30; index++) await test.accept({ type: "a.b" });
      await test.context.engine.worker.tick();
      const tried = receiver.received.length;
      assert.ok(
        tried <= 12,
        `${tried} before it counts as failing: ten at once, and two that took the place of the first`,
      );
      assert.equal((await connection(id)).health, "unhealthy");
      test.clock.now += MINUTE;
      await test.context.engine.worker.tick();
      assert.equal(receiver.received.length, tried + 1, "one probe");
      response(200);
      for (let round = 0; round < 5; round++) {
        test.clock.now += 10 * MINUTE;
        await test.context.engine.worker.tick();
      }
      const open = await test.context.store.db
        .selectFrom("deliveries")
        .select("id")
        .where("status", "!=", "delivered")
        .execute();
      assert.equal(open.length, 0);
      assert.equal((await connection(id)).health, "healthy");
    });

    it("counts a burst of failures as one, and doubles the wait with each probe that fails", async () => {
      const id = await test.connect({ webhookUrl: `${receiver.url}/hook` });
      response(500);
      for (let index = 0; index < 30; index++) await test.accept({ type: "a.b" });
      await test.context.engine.worker.tick();
      const waits: number[] = [];
      for (let probe = 0; probe < 9; probe++) {
        const { probe_at: at } = await test.context.store.db
          .selectFrom("connections")
          .select("probe_at")
          .where("id", "=", id)
          .executeTakeFirstOrThrow();
        waits.push(((at ?? 0) - test.clock.now) / SECOND);
        const before = receiver.received.length;
        test.clock.now = at ?? 0;
        await test.context.engine.worker.tick();
        assert.equal(receiver.received.length, before + 1);
      }
      assert.deepEqual(waits, [1, 2, 4, 8, 16, 32, 60, 60, 60]);
    });

    it("does not delay other receivers", async () => {
      const healthy = await startTestReceiver();
      await test.connect({ webhookUrl: `${receiver.url}/hook`, eventTypes: ["slow.*"] });
      const fine = await test.connect({ webhookUrl: `${healthy.url}/hook`, eventTypes: ["fast.*"] });
      const pendingResponses: (() => void)[] = [];
      receiver.respond = (response) => void pendingResponses.push(() => response.writeHead(200).end());
      for (let index = 0; index < 200; index++) await test.accept({ type: "slow.a" });
      await test.accept({ type: "fast.a" });
      const done = test.context.engine.worker.tick();
      await until(async () => (await test.delivery(fine)).status === "delivered");
      assert.ok(
        pendingResponses.length > 0 && pendingResponses.length <= 10,
        "the slow one has its share and no more",
      );
      receiver.respond = (response) => void response.writeHead(200).end();
      for (const release of pendingResponses) release();
      await done;
      assert.equal(receiver.received.length, 200);
      await healthy.close();
    });
  });

  it("distinguishes an attempt that is already stored from another one with the same number", async () => {
    const id = await test.connect({ webhookUrl: `${receiver.url}/hook` });
    const { store } = test.context;
    await test.accept({ type: "a.b" });
    await until(async () => (await test.delivery(id)).status === "delivered");
    await test.context.engine.worker.tick();
    const before = await store.db.selectFrom("attempts").selectAll().execute();
    assert.equal(before.length, 1);
    // The same attempt is recorded again, as after a commit that succeeded unnoticed.
    const [
      { delivery_id: deliveryId, number, trigger_kind: trigger, started_at: startedAt } = assert.fail(),
    ] = before;
    const columns = { ...ATTEMPT_COLUMNS };
    const row = Object.keys(columns).map((name) => before[0]?.[name as keyof (typeof before)[0]] ?? null);
    const kept = await store.db.transaction().execute((trx) => store.hot.insertAttempts(trx, columns, [row]));
    assert.deepEqual(kept, { recordedBefore: [deliveryId], renumbered: [] });
    assert.deepEqual([number, trigger], [1, "schedule"]);
    const other = row.with(Object.keys(columns).indexOf("started_at"), startedAt + 1);
    const again = await store.db
      .transaction()
      .execute((trx) => store.hot.insertAttempts(trx, columns, [other]));
    assert.deepEqual(again, { recordedBefore: [], renumbered: [deliveryId] });
  });

  it("cancels the retries of a disconnected connection", async () => {
    const id = await test.connect({ webhookUrl: `${receiver.url}/hook` });
    const pendingResponses: (() => void)[] = [];
    receiver.respond = (response) => void pendingResponses.push(() => response.writeHead(500).end());
    await test.accept({ type: "a.b" });
    const done = test.context.engine.worker.tick();
    await until(async () => pendingResponses.length === 1);
    await disconnect(test.context.services.integrations, actor(), id);
    for (const release of pendingResponses) release();
    await done;
    assert.equal((await test.delivery(id)).status, "cancelled");
  });

  describe("a delivery that two processes send", () => {
    it("keeps both attempts, whichever is recorded first", async () => {
      for (const firstIsLate of [true, false]) {
        const id = await test.connect({ webhookUrl: `${receiver.url}/hook` });
        const { first, other, second, pendingResponses } = await sendTwice();
        const ends = [
          [pendingResponses[0], first],
          [pendingResponses[1], other],
        ] as const;
        for (const [release, done] of firstIsLate ? ends.toReversed() : ends) {
          release?.(200);
          await done;
        }
        const { status, attempt_count: count, id: deliveryId } = await test.delivery(id);
        assert.deepEqual([status, count], ["delivered", 2]);
        assert.deepEqual(await numbers(deliveryId), [1, 2]);
        await second.close();
        await disconnect(test.context.services.integrations, actor(), id);
      }
    });

    it("keeps the first recorded result: a late failure changes nothing", async () => {
      const id = await test.connect({ webhookUrl: `${receiver.url}/hook` });
      const { first, other, second, pendingResponses } = await sendTwice();
      pendingResponses[1]?.(200);
      await other;
      assert.equal((await test.delivery(id)).status, "delivered");
      pendingResponses[0]?.(500);
      await first;
      const { status, attempt_count: count } = await test.delivery(id);
      assert.deepEqual([status, count], ["delivered", 2]);
      await second.close();
    });

    it("keeps the time of its retry after a second failure, and gives every attempt its own number", async () => {
      const id = await test.connect({ webhookUrl: `${receiver.url}/hook` });
      const { first, other, second, pendingResponses } = await sendTwice();
      pendingResponses[1]?.(500);
      await other;
      const before = await test.delivery(id);
      assert.deepEqual([before.status, before.attempt_count], ["pending", 1]);
      pendingResponses[0]?.(500);
      await first;
      const after = await test.delivery(id);
      assert.deepEqual([after.status, after.next_attempt_at], ["pending", before.next_attempt_at]);
      response(200);
      test.clock.now = before.next_attempt_at ?? 0;
      await test.context.engine.worker.tick();
      const { status, attempt_count: count, id: deliveryId } = await test.delivery(id);
      assert.deepEqual([status, count], ["delivered", 3]);
      assert.deepEqual(await numbers(deliveryId), [1, 2, 3]);
      await second.close();
    });

    /** Neither process has registered, so each considers itself the only one. */
    const sendTwice = async () => {
      const pendingResponses: ((status: number) => void)[] = [];
      receiver.respond = (response) =>
        void pendingResponses.push((status) => response.writeHead(status).end());
      await test.accept({ type: "a.b" });
      const first = test.context.engine.worker.tick();
      await until(() => pendingResponses.length === 1);
      const second = await openTestApp(database);
      second.clock.now = test.clock.now;
      const other = second.context.engine.worker.tick();
      await until(() => pendingResponses.length === 2);
      return { first, other, second, pendingResponses };
    };
    const numbers = async (deliveryId: string) => {
      const attempts = await test.context.store.db
        .selectFrom("attempts")
        .select("number")
        .where("delivery_id", "=", deliveryId)
        .orderBy("number")
        .execute();
      return attempts.map(({ number }) => number);
    };
  });

  it("considers a test lost only after its timeout, and does not send it again", async () => {
    const id = await test.connect({ webhookUrl: `${receiver.url}/hook` });
    receiver.respond = () => undefined;
    const event = {
      workspaceId: test.workspaceId,
      connectionId: id,
      type: "integration.test",
      dataJson: "{}",
    };
    const sent = test.context.services.integrations.deliverNow(event, storeNoKey);
    await until(() => receiver.received.length === 1);
    const closed = assert.rejects(sent.then(() => Promise.reject(new Error("it has ended"))));
    await test.context.engine.worker.tick();
    assert.equal((await test.delivery(id)).status, "pending");
    test.clock.now += 46 * SECOND;
    await test.context.engine.worker.tick();
    assert.equal((await test.delivery(id)).status, "failed");
    assert.equal(receiver.received.length, 1);
    await receiver.close();
    await closed;
  });

  describe("a delivery that is cancelled while it is being sent", () => {
    for (const [status, expected] of [
      [200, "delivered"],
      [500, "cancelled"],
    ] as const) {
      it(`is ${expected} when the receiver returns ${status}`, async () => {
        const id = await test.connect({ webhookUrl: `${receiver.url}/hook` });
        let respond = () => {};
        receiver.respond = (response) => {
          respond = () => void response.writeHead(status).end();
        };
        await test.accept({ type: "a.b" });
        const done = test.context.engine.worker.tick();
        await until(() => receiver.received.length === 1);
        await cancelDelivery(test.context.services.deliveries, actor(), (await test.delivery(id)).id);
        respond();
        await done;
        const delivery = await test.delivery(id);
        assert.deepEqual(
          [delivery.status, delivery.attempt_count, delivery.next_attempt_at],
          [expected, 1, null],
        );
        test.clock.now += 60 * MINUTE;
        await test.context.engine.worker.tick();
        assert.equal(receiver.received.length, 1);
      });
    }

    it("causes no event about a failure", async () => {
      const id = await test.connect({ webhookUrl: `${receiver.url}/hook`, eventTypes: ["a.b"] });
      await test.connect({ webhookUrl: `${receiver.url}/system`, eventTypes: ["delivery.failed"] });
      let respond = () => {};
      receiver.respond = (response) => {
        respond = () => void response.writeHead(500).end();
      };
      await test.accept({ type: "a.b" });
      await until(() => receiver.received.length === 1);
      respond();
      await until(async () => (await test.delivery(id)).attempt_count === 1);
      // Its last attempt.
      await test.context.store.db.updateTable("deliveries").set({ attempt_count: 9 }).execute();
      test.clock.now += 60 * MINUTE;
      const done = test.context.engine.worker.tick();
      await until(() => receiver.received.length === 2);
      await cancelDelivery(test.context.services.deliveries, actor(), (await test.delivery(id)).id);
      respond();
      await done;
      await test.context.engine.worker.tick();
      assert.equal((await test.delivery(id)).status, "cancelled");
      assert.deepEqual(
        receiver.received.filter(({ path }) => path === "/system"),
        [],
      );
    });

    it("is not sent if it waits behind another", async () => {
      const limits = { ordered: false, concurrency: 1, rateLimitPerMinute: null };
      const id = await test.connect({ webhookUrl: `${receiver.url}/hook`, limits });
      const pendingResponses: (() => void)[] = [];
      receiver.respond = (response) => void pendingResponses.push(() => response.writeHead(200).end());
      await test.accept({ type: "a.b" });
      await test.accept({ type: "c.d" });
      const done = test.context.engine.worker.tick();
      await until(() => pendingResponses.length === 1);
      const rows = await test.context.store.db
        .selectFrom("deliveries")
        .select(["id"])
        .orderBy("id")
        .execute();
      await cancelDelivery(test.context.services.deliveries, actor(), rows[1]?.id ?? "");
      pendingResponses[0]?.();
      await done;
      assert.equal(receiver.received.length, 1);
      assert.equal((await test.delivery(id)).status, "cancelled");
    });
  });
});
