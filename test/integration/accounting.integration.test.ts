import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { OpenedConnections } from "../../src/dispatch/opened-connections.ts";
import { DueReader } from "../../src/dispatch/read-due.ts";
import { forEachDatabase, type TestDatabase } from "../support/databases.ts";
import { startTestReceiver, type TestReceiver } from "../support/receiver.ts";
import { openTestApp, type TestApp } from "../support/test-app.ts";
import { until } from "../support/until.ts";

const MINUTE = 60_000;
const LIMITS = { ordered: false, concurrency: 10, rateLimitPerMinute: null };
/** Not valid in a header, so building the request throws: a fault of neither the network nor the receiver. */
const POISON = "00-a\u0001b";

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

  const db = () => test.context.store.db;
  const typesReceived = () => receiver.received.map(({ body }) => JSON.parse(body).type);
  const deliveries = async () => {
    const rows = await db()
      .selectFrom("deliveries")
      .select(["status", "attempt_count", "error_code"])
      .orderBy("created_at")
      .orderBy("id")
      .execute();
    return rows.map((row) => ({ ...row }));
  };

  describe("a delivery that the program cannot handle", () => {
    for (const ordered of [false, true]) {
      it(`counts as a failed attempt of ours until the retry schedule is used up${ordered ? ", in strict order" : ""}`, async () => {
        const id = await test.connect({ webhookUrl: receiver.url, limits: { ...LIMITS, ordered } });
        await quietly(test, { type: "a.bad" });
        await db().updateTable("events").set({ trace_context: POISON }).execute();
        test.clock.now += 5;
        await quietly(test, { type: "a.good" });
        await test.context.engine.worker.tick();
        const [bad, good] = await deliveries();
        assert.deepEqual(bad, { status: "pending", attempt_count: 1, error_code: "internal_error" });
        assert.equal(good?.status, ordered ? "pending" : "delivered", "strict order never skips ahead");
        for (let attempt = 2; attempt <= 10; attempt++) {
          test.clock.now += 29 * 60 * MINUTE;
          await test.context.engine.worker.tick();
        }
        assert.deepEqual(await deliveries(), [
          { status: "failed", attempt_count: 10, error_code: "internal_error" },
          { status: "delivered", attempt_count: 1, error_code: null },
        ]);
        assert.deepEqual(typesReceived(), ["a.good"]);
        const attempts = await db().selectFrom("attempts").select("error_code").execute();
        assert.equal(attempts.length, 11);
        const { health } = await db()
          .selectFrom("connections")
          .select("health")
          .where("id", "=", id)
          .executeTakeFirstOrThrow();
        assert.equal(health, "healthy", "it is not the receiver's fault");
      });
    }

    it("counts as a failed attempt of ours when its result cannot be stored", async () => {
      await test.connect({ webhookUrl: receiver.url });
      receiver.respond = (response) => void response.writeHead(500).end("unstorable");
      const { hot } = test.context.store;
      const insertAttempts = hot.insertAttempts.bind(hot);
      Object.assign(hot, {
        insertAttempts: async (...args: Parameters<typeof insertAttempts>) => {
          const [, , rows] = args;
          if (rows.some((row) => row.includes("unstorable"))) throw new TypeError("cannot be written");
          return insertAttempts(...args);
        },
      });
      await test.accept({ type: "a.b" });
      await test.context.engine.worker.tick();
      assert.deepEqual(await deliveries(), [
        { status: "pending", attempt_count: 1, error_code: "internal_error" },
      ]);
    });
  });

  it("reads at most as much of a workspace's payloads as there is room for, but at least one", async () => {
    const connectionId = await test.connect({ webhookUrl: receiver.url });
    const dataJson = JSON.stringify({ pad: "x".repeat(990) });
    for (let index = 0; index < 8; index++) await quietly(test, { type: `a.n${index}`, dataJson });
    const { store } = test.context;
    const read = async (capacity: number) => {
      const reader = new DueReader({
        read: store.readHot,
        hot: store.hot,
        connections: new OpenedConnections(() => ({ webhookUrl: "x", signingSecret: null })),
        othersEndInMs: () => 0,
      });
      const requests = [{ connectionId, wanted: 100, buffered: new Set<string>(), rateUsedUntil: 0 }];
      const [batch] = await reader.read(requests, () => capacity, test.clock.now);
      const count = batch?.deliveries.length ?? 0;
      assert.equal(batch?.mayHaveMore, count < 8);
      return count;
    };
    assert.deepEqual([await read(3500), await read(1), await read(0), await read(1e9)], [4, 1, 0, 8]);
  });

  it("loses no wake-up between two turns of the worker", async () => {
    // The worker is not started, and nothing is in flight, so neither a poll nor a result makes up for a lost wake-up.
    const idle = await test.connect({ webhookUrl: receiver.url, eventTypes: ["none"] });
    const busy = await test.connect({ webhookUrl: receiver.url, eventTypes: ["busy"] });
    const { engine, store } = test.context;
    const pickDue = store.hot.pickDue.bind(store.hot);
    for (let depth = 0; depth < 60; depth++) {
      await quietly(test, { type: "busy" });
      const claimed = new Promise<void>((resolve) => {
        const armed: typeof pickDue = async (...args) => {
          Object.assign(store.hot, { pickDue });
          resolve();
          return pickDue(...args);
        };
        Object.assign(store.hot, { pickDue: armed });
      });
      engine.worker.wake([idle]);
      await claimed;
      await after(depth);
      engine.worker.wake([busy]);
      await until(() => receiver.received.length === depth + 1);
      await until(async () => (await deliveries()).every(({ status }) => status === "delivered"));
    }
  });
});

/** Stores an event without waking the worker. */
async function quietly(test: TestApp, event: Parameters<TestApp["accept"]>[0]): Promise<void> {
  Object.assign(test.context.engine.worker, { wake: () => undefined });
  await test.accept(event);
  Reflect.deleteProperty(test.context.engine.worker, "wake");
}

/** Resolves after `depth` microtasks; for every fourth depth, first after a turn of the event loop. */
async function after(depth: number): Promise<void> {
  if (depth % 4 === 3) await new Promise((resolve) => setImmediate(resolve));
  for (let step = 0; step < depth; step++) await null;
}
