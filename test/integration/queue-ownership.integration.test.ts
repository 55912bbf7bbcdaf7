import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { pino } from "pino";
import { composeEngine } from "../../src/composition/engine.ts";
import { createSend } from "../../src/composition/inspector.ts";
import { composeMailService } from "../../src/composition/mail.ts";
import { update } from "../../src/connections/update.ts";
import { DatabaseError } from "../../src/db/database-error.ts";
import { SILENT_AFTER_MS } from "../../src/dispatch/members.ts";
import { VERSION } from "../../src/version.ts";
import { forEachDatabase, type TestDatabase } from "../support/databases.ts";
import { startTestReceiver, type TestReceiver } from "../support/receiver.ts";
import { readHourCounts } from "../support/seed-hours.ts";
import { openTestApp, type TestApp } from "../support/test-app.ts";
import { until } from "../support/until.ts";

const CONCURRENCY_OF_TWO = { ordered: false, concurrency: 2, rateLimitPerMinute: null };
/** So many that each of two processes owns some, except once in a million runs. */
const CONNECTIONS = 20;

forEachDatabase((makeDatabase, dialect) => {
  let database: TestDatabase;
  let test: TestApp;
  let second: TestApp;
  let receiver: TestReceiver;
  let pendingResponses: Map<string, (() => void)[]>;

  beforeEach(async () => {
    database = await makeDatabase();
    test = await openTestApp(database);
    second = await openTestApp(database);
    second.clock.now = test.clock.now;
    receiver = await startTestReceiver();
    pendingResponses = new Map();
  });
  afterEach(async () => {
    sendResponses();
    await second.close();
    await test.close();
    await receiver.close();
    await database.remove();
  });

  /** Requests get their response when the test releases them. */
  const delayResponses = () => {
    receiver.respond = (response, { path }) => {
      pendingResponses.set(path, [
        ...(pendingResponses.get(path) ?? []),
        () => void response.writeHead(200).end(),
      ]);
    };
  };
  const sendResponses = () => {
    receiver.respond = (response) => void response.writeHead(200).end();
    const all = [...pendingResponses.values()].flat();
    pendingResponses.clear();
    for (const release of all) release();
  };
  const connectMany = async (limits = CONCURRENCY_OF_TWO) => {
    for (let n = 0; n < CONNECTIONS; n++) {
      await test.connect({ webhookUrl: `${receiver.url}/${n}`, limits, name: `No ${n}` });
    }
  };
  const accept = async (count: number) => {
    for (let index = 0; index < count; index++) await test.accept({ type: "a.b" });
  };
  const statuses = async () => {
    const rows = await test.context.store.db.selectFrom("deliveries").select("status").execute();
    return new Set(rows.map(({ status }) => status));
  };
  const areAllDelivered = async () => [...(await statuses())].join() === "delivered";
  const arrivalsByPath = () => Map.groupBy(receiver.received, ({ path }) => path);
  const sendHeartbeat = async (app: TestApp) => app.context.engine.worker.heartbeat();
  const setClock = (now: number) => {
    test.clock.now = now;
    second.clock.now = now;
  };

  describe("a process that joins", () => {
    it("takes over what the other has not started, and waits for its in-flight deliveries", async () => {
      await connectMany();
      await sendHeartbeat(test);
      delayResponses();
      await accept(4);
      const first = test.context.engine.worker.tick();
      await until(() => receiver.received.length === 2 * CONNECTIONS);
      await sendHeartbeat(second);
      await sendHeartbeat(test);
      await sendHeartbeat(second);
      const other = second.context.engine.worker.tick();
      await other;
      assert.equal(receiver.received.length, 2 * CONNECTIONS, "the second one waits");
      sendResponses();
      await first;
      assert.equal((await statuses()).has("pending"), true, "what is the other's by now is left to it");
      await sendHeartbeat(test);
      await sendHeartbeat(second);
      await second.context.engine.worker.tick();
      assert.ok(await areAllDelivered());
      for (const requests of arrivalsByPath().values()) assert.equal(requests.length, 4, "each once");
    });

    it("leaves a connection with a hanging request to the other, and takes over the remaining ones", async () => {
      await connectMany();
      await sendHeartbeat(test);
      delayResponses();
      await accept(1);
      const first = test.context.engine.worker.tick();
      await until(() => receiver.received.length === CONNECTIONS);
      // Of the connections that change owners, all but one get their responses.
      await sendHeartbeat(second);
      await sendHeartbeat(test);
      const hanging = (await holdingOf(test))[0] ?? assert.fail("nothing changes hands");
      const path = new URL(await urlOf(hanging)).pathname;
      receiver.respond = (response) => void response.writeHead(200).end();
      for (const at of [...pendingResponses.keys()].filter((one) => one !== path)) {
        for (const release of pendingResponses.get(at) ?? []) release();
        pendingResponses.delete(at);
      }
      await until(async () => (await pending()).length === 1);
      await sendHeartbeat(test);
      assert.deepEqual(await holdingOf(test), [hanging]);
      await sendHeartbeat(second);
      await accept(1);
      await second.context.engine.worker.tick();
      const left = await pending();
      assert.ok(left.length > 0 && left.some((id) => id === hanging));
      const owned = left.filter((id) => id !== hanging);
      // The first process sends the deliveries of its own connections.
      const tick = test.context.engine.worker.tick();
      await until(async () => (await pending()).every((id) => !owned.includes(id)));
      sendResponses();
      await Promise.all([first, tick]);
      await sendHeartbeat(test);
      await sendHeartbeat(second);
      await second.context.engine.worker.tick();
      assert.ok(await areAllDelivered());
      for (const requests of arrivalsByPath().values()) assert.equal(requests.length, 2, "each once");
    });
  });

  it("a starting process publishes its member list before it sends anything", async () => {
    await sendHeartbeat(test);
    const [{ id, members } = assert.fail("it has not registered")] = await workers();
    assert.equal(members, JSON.stringify([id]));
  });

  it("a joining process does not send for connections until the others know that it owns them", async () => {
    await connectMany();
    await sendHeartbeat(test);
    await acceptQuietly(1);
    await sendHeartbeat(second);
    await second.context.engine.worker.tick();
    assert.equal(receiver.received.length, 0, "the first one may be sending all of it");
    await sendHeartbeat(test);
    await sendHeartbeat(second);
    await second.context.engine.worker.tick();
    assert.ok(receiver.received.length > 0 && receiver.received.length < CONNECTIONS);
  });

  it("judges processes by heartbeats, even if their clocks differ by an hour", async (t) => {
    if (dialect === "sqlite") return t.skip("one process has it to itself");
    await connectMany();
    second.clock.now = test.clock.now + 3_600_000;
    for (let round = 0; round < 2; round++) {
      await sendHeartbeat(test);
      await sendHeartbeat(second);
    }
    await accept(2);
    await Promise.all([test.context.engine.worker.tick(), second.context.engine.worker.tick()]);
    await Promise.all([test.context.engine.worker.tick(), second.context.engine.worker.tick()]);
    assert.ok(await areAllDelivered());
    for (const requests of arrivalsByPath().values()) assert.equal(requests.length, 2, "each once");
    assert.equal((await workers()).filter(({ members }) => JSON.parse(members).length === 2).length, 2);
  });

  describe("a process that ends silently", () => {
    it("loses its queues after the silence limit to the others, which begin with one request at a time", async () => {
      await connectMany();
      for (const app of [test, second, test]) await sendHeartbeat(app);
      const inherited = (await connectionIds()).filter((id) => test.context.engine.worker.owns(id));
      // Accepts events without waking a worker: the first process is silent from here on.
      await acceptQuietly(3);
      await age(test, SILENT_AFTER_MS + 1000);
      for (let passedMs = 0; passedMs <= SILENT_AFTER_MS; passedMs += 4000) {
        setClock(test.clock.now + 4000);
        second.clock.monotonicAhead += 4000;
        await sendHeartbeat(second);
      }
      delayResponses();
      const tick = second.context.engine.worker.tick();
      await until(async () => pendingResponses.size === CONNECTIONS);
      await new Promise((resolve) => setTimeout(resolve, 100));
      for (const id of await connectionIds()) {
        const concurrent = pendingResponses.get(new URL(await urlOf(id)).pathname)?.length;
        assert.equal(concurrent, inherited.includes(id) ? 1 : 2);
      }
      sendResponses();
      await tick;
      await second.context.engine.worker.tick();
      assert.ok(await areAllDelivered());
    });
  });

  it("records an attempt once after a commit that succeeded but was reported as failed", async () => {
    const id = await test.connect({ webhookUrl: `${receiver.url}/hook` });
    const { store } = test.context;
    await test.context.engine.worker.stop();
    let failures = 2;
    const transact: typeof store.transact = async (work) => {
      const result = await store.transact(work);
      const { length } = await store.db.selectFrom("attempts").select("number").execute();
      if (length > 0 && failures-- > 0) throw new DatabaseError("unavailable", new Error("cut"));
      return result;
    };
    const engine = engineOn({ transact });
    await accept(1);
    await engine.worker.tick();
    assert.ok(failures < 0, "it was told so twice");
    const { status, attempt_count: count } = await test.delivery(id);
    assert.deepEqual([status, count], ["delivered", 1]);
    const attempts = await store.db.selectFrom("attempts").select("number").execute();
    assert.equal(attempts.length, 1);
    await engine.worker.stop();
    const hours = await readHourCounts(store);
    assert.deepEqual(
      hours.map(({ delivered, failed }) => [delivered, failed]),
      [[1, 0]],
    );
  });

  it("sends nothing read from a queue before its connection was changed", async () => {
    const id = await test.connect({ webhookUrl: `${receiver.url}/old` });
    const { store, services } = test.context;
    await test.context.engine.worker.stop();
    let afterRead: (() => Promise<unknown>) | null = async () => {
      const recall = (connectionIds: readonly string[]) => engine.signals.recall(connectionIds);
      const queue = { ...services.integrations.queue, recall };
      const deps = { ...services.integrations, queue };
      return update(deps, actor(), id, { webhookUrl: `${receiver.url}/new` });
    };
    // Replaces the URL after the queue was read and before the worker has the result.
    const readHot: typeof store.readHot = async (work) => {
      const result = await store.readHot(work);
      const change = afterRead;
      afterRead = null;
      await change?.();
      return result;
    };
    const engine = engineOn({ readHot });
    await accept(20);
    await engine.worker.tick();
    assert.equal(afterRead, null);
    assert.equal(receiver.received.length, 20);
    assert.deepEqual(
      receiver.received.filter(({ path }) => path === "/old"),
      [],
    );
    await engine.worker.stop();
  });

  /** A separate engine on the first app's database, with parts of the store replaced. */
  const engineOn = (changed: Partial<TestApp["context"]["store"]>) => {
    const { store, bus, changes, senders, services } = test.context;
    const now = () => test.clock.now;
    return composeEngine({
      runtime: {
        logger: pino({ level: "silent" }),
        version: VERSION,
        now,
        wallNow: now,
        monotonicNow: () => performance.now(),
      },
      store: { ...store, ...changed },
      bus,
      changes,
      sending: {
        keyring: services.integrations.keyring,
        sendSigned: createSend(senders.egress, senders.inspector),
        tracing: null,
      },
      mail: composeMailService({
        options: { smtp: null, mailFrom: null },
        store,
        keyring: services.integrations.keyring,
        logger: pino({ level: "silent" }),
        publicUrl: "http://127.0.0.1:3015",
        now,
        recordOutcome: async () => undefined,
      }),
      settings: { retentionDays: { payloadDays: 30, statusDays: 90 }, metricsPerConnection: false },
    });
  };
  const acceptQuietly = async (count: number) => {
    Object.assign(test.context.engine.worker, { wake: () => undefined });
    await accept(count);
    Reflect.deleteProperty(test.context.engine.worker, "wake");
  };
  const connectionIds = async () =>
    (await test.context.store.db.selectFrom("connections").select("id").execute()).map(({ id }) => id);
  const workers = () => test.context.store.db.selectFrom("workers").selectAll().execute();
  const workerOf = async (app: TestApp) => {
    const own = app === test ? "first" : "second";
    const rows = await test.context.store.db
      .selectFrom("workers")
      .selectAll()
      .orderBy("started_at")
      .orderBy("id")
      .execute();
    return (own === "first" ? rows[0] : rows[1]) ?? assert.fail("it has not registered");
  };
  const holdingOf = async (app: TestApp) => JSON.parse((await workerOf(app)).holding) as string[];
  const pending = async () => {
    const rows = await test.context.store.db
      .selectFrom("deliveries")
      .select("connection_id")
      .where("status", "=", "pending")
      .execute();
    return rows.map(({ connection_id: id }) => id);
  };
  const urlOf = async (id: string) => {
    const row = await test.context.store.db
      .selectFrom("connections")
      .select("name")
      .where("id", "=", id)
      .executeTakeFirstOrThrow();
    return `${receiver.url}/${row.name.slice("No ".length)}`;
  };
  const age = async (app: TestApp, byMs: number) => {
    const { id, heard_at: lastHeartbeatAt } = await workerOf(app);
    await test.context.store.db
      .updateTable("workers")
      .set({ heard_at: lastHeartbeatAt - byMs })
      .where("id", "=", id)
      .execute();
  };
  const actor = () =>
    ({ kind: "system", id: null, name: "Test", workspaceId: test.workspaceId, address: null }) as const;
});
