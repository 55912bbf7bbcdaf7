import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { resume } from "../../src/connections/pause.ts";
import { getConnection } from "../../src/connections/read.ts";
import { update } from "../../src/connections/update.ts";
import { forEachDatabase, type TestDatabase } from "../support/databases.ts";
import { type Received, startTestReceiver, type TestReceiver } from "../support/receiver.ts";
import { readHourCounts } from "../support/seed-hours.ts";
import { openTestApp, type TestApp } from "../support/test-app.ts";
import { until } from "../support/until.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const LIMITS = { ordered: false, concurrency: 10, rateLimitPerMinute: null };

forEachDatabase((makeDatabase) => {
  let database: TestDatabase;
  let test: TestApp;
  let receiver: TestReceiver;
  let others: TestReceiver[];

  beforeEach(async () => {
    database = await makeDatabase();
    test = await openTestApp(database);
    receiver = await startTestReceiver();
    others = [];
  });
  afterEach(async () => {
    await test.close();
    for (const one of [receiver, ...others]) await one.close();
    await database.remove();
  });

  const response = (status: number, headers: Record<string, string> = {}) => {
    receiver.respond = (response) => void response.writeHead(status, headers).end();
  };
  const typesReceived = () => receiver.received.map(typeOf);
  const accept = async (prefix: string, count: number) => {
    for (let index = 0; index < count; index++) {
      await test.accept({ type: `${prefix}.${index}` });
      test.clock.now += 1;
    }
  };
  const named = (prefix: string, count: number) =>
    Array.from({ length: count }, (_none, index) => `${prefix}.${index}`);
  const actor = () =>
    ({ kind: "system", id: null, name: "Test", workspaceId: test.workspaceId, address: null }) as const;
  const another = async () => {
    const one = await startTestReceiver();
    others.push(one);
    return one;
  };
  /** Moves the clock to the connection's next possible attempt, and runs the worker. */
  const runNextAttempt = async (id: string) => {
    const { db } = test.context.store;
    const { due } = await db
      .selectFrom("deliveries")
      .select((eb) => eb.fn.min("next_attempt_at").as("due"))
      .where("connection_id", "=", id)
      .where("status", "=", "pending")
      .executeTakeFirstOrThrow();
    const row = await db
      .selectFrom("connections")
      .select(["hold_until", "probe_at"])
      .where("id", "=", id)
      .executeTakeFirstOrThrow();
    test.clock.now = Math.max(
      test.clock.now,
      Number(due ?? 0),
      Number(row.hold_until ?? 0),
      Number(row.probe_at ?? 0),
    );
    await test.context.engine.worker.tick();
  };
  const connection = (id: string) => getConnection(test.context.store.db, test.workspaceId, id);
  const statuses = async () => {
    const rows = await test.context.store.db.selectFrom("deliveries").select("status").execute();
    return rows.map(({ status }) => status).toSorted();
  };

  describe("strict order", () => {
    const ordered = { ...LIMITS, ordered: true };

    it("sends one delivery at a time, in the order of acceptance", async () => {
      await test.connect({ webhookUrl: `${receiver.url}/hook`, limits: ordered });
      let under = 0;
      let most = 0;
      receiver.respond = (response) => {
        most = Math.max(most, ++under);
        setImmediate(() => {
          under--;
          response.writeHead(200).end();
        });
      };
      await accept("n", 60);
      await test.context.engine.worker.tick();
      assert.deepEqual(typesReceived(), named("n", 60));
      assert.equal(most, 1);
    });

    it("delays all later deliveries while one waits for its retry, and sends them afterwards", async () => {
      const id = await test.connect({ webhookUrl: `${receiver.url}/hook`, limits: ordered });
      receiver.respond = (response, request) =>
        void response.writeHead(typeOf(request) === "n.1" && receiver.received.length < 4 ? 500 : 200).end();
      await accept("n", 4);
      await test.context.engine.worker.tick();
      assert.deepEqual(typesReceived(), ["n.0", "n.1"]);
      await accept("later", 1);
      await test.context.engine.worker.tick();
      assert.deepEqual(typesReceived(), ["n.0", "n.1"], "nobody overtakes");
      test.clock.now += 10 * SECOND;
      await test.context.engine.worker.tick();
      assert.deepEqual(typesReceived(), ["n.0", "n.1", "n.1"]);
      test.clock.now += 10 * MINUTE;
      await test.context.engine.worker.tick();
      assert.deepEqual(typesReceived(), ["n.0", "n.1", "n.1", "n.1", "n.2", "n.3", "later.0"]);
      assert.equal((await connection(id)).health, "healthy");
    });

    it("delays later deliveries also while a rejected message waits for its retry", async () => {
      await test.connect({ webhookUrl: `${receiver.url}/hook`, limits: ordered });
      receiver.respond = (response) => void response.writeHead(422).end();
      await accept("n", 3);
      await test.context.engine.worker.tick();
      assert.deepEqual(typesReceived(), ["n.0"]);
      response(200);
      test.clock.now += 10 * SECOND;
      await test.context.engine.worker.tick();
      assert.deepEqual(typesReceived(), ["n.0", "n.0", "n.1", "n.2"]);
    });

    it("continues after a final failure", async () => {
      const id = await test.connect({ webhookUrl: `${receiver.url}/hook`, limits: ordered });
      receiver.respond = (response, request) =>
        void response.writeHead(typeOf(request) === "n.0" ? 500 : 200).end();
      await accept("n", 2);
      for (let attempt = 0; attempt < 10; attempt++) {
        assert.ok(!typesReceived().includes("n.1"), `not before attempt ${attempt + 1} has failed`);
        await runNextAttempt(id);
      }
      await runNextAttempt(id);
      assert.deepEqual(typesReceived(), [...Array(10).fill("n.0"), "n.1"]);
      assert.deepEqual(await statuses(), ["delivered", "failed"]);
    });

    it("applies to deliveries that wait for a retry when it is switched on", async () => {
      const id = await test.connect({ webhookUrl: `${receiver.url}/hook` });
      response(500);
      await accept("n", 1);
      await test.context.engine.worker.tick();
      response(200);
      // The change itself makes the retry due.
      await update(test.context.services.integrations, actor(), id, { limits: { ordered: true } });
      await accept("later", 1);
      await test.context.engine.worker.tick();
      assert.deepEqual(typesReceived(), ["n.0", "n.0", "later.0"]);
    });
  });

  describe("limits of a connection", () => {
    it("allow as many concurrent requests as the concurrency limit, and no more", async () => {
      await test.connect({ webhookUrl: `${receiver.url}/hook`, limits: { ...LIMITS, concurrency: 3 } });
      const pendingResponses: (() => void)[] = [];
      let most = 0;
      receiver.respond = (response) => {
        pendingResponses.push(() => response.writeHead(200).end());
        most = Math.max(most, pendingResponses.length);
      };
      await accept("n", 50);
      const done = test.context.engine.worker.tick();
      let answered = 0;
      while (answered < 50) {
        await until(async () => pendingResponses.length > 0);
        pendingResponses.shift()?.();
        answered++;
      }
      await done;
      assert.equal(most, 3);
      assert.equal(receiver.received.length, 50);
    });

    it("spread requests evenly within the rate limit, and send the remaining ones as soon as possible", async () => {
      await test.connect({
        webhookUrl: `${receiver.url}/hook`,
        limits: { ...LIMITS, rateLimitPerMinute: 120 },
      });
      await accept("n", 7);
      await test.context.engine.worker.tick();
      assert.equal(receiver.received.length, 2, "a second's worth");
      await test.context.engine.worker.tick();
      assert.equal(receiver.received.length, 2);
      test.clock.now += 500;
      await test.context.engine.worker.tick();
      assert.equal(receiver.received.length, 3);
      test.clock.now += MINUTE;
      await test.context.engine.worker.tick();
      assert.equal(receiver.received.length, 5, "what was not used is not saved up");
      for (let round = 0; round < 4; round++) {
        test.clock.now += 500;
        await test.context.engine.worker.tick();
      }
      assert.deepEqual(typesReceived().toSorted(), named("n", 7));
    });

    it("include a Retry-After pause for the whole connection, not only for the delivery", async () => {
      const id = await test.connect({ webhookUrl: `${receiver.url}/hook` });
      response(429, { "retry-after": "90" });
      await accept("n", 1);
      await test.context.engine.worker.tick();
      response(200);
      await accept("later", 3);
      test.clock.now += 80 * SECOND;
      await test.context.engine.worker.tick();
      assert.equal(receiver.received.length, 1, "it rests");
      test.clock.now += 15 * SECOND;
      await test.context.engine.worker.tick();
      assert.equal(receiver.received.length, 5);
      assert.equal((await connection(id)).health, "healthy");
    });

    it("do not keep large payloads from being sent", async () => {
      await test.connect({ webhookUrl: `${receiver.url}/hook`, limits: { ...LIMITS, concurrency: 100 } });
      const dataJson = JSON.stringify({ pad: "x".repeat(250 * 1024) });
      for (let index = 0; index < 150; index++) await test.accept({ type: `big.${index}`, dataJson });
      await test.context.engine.worker.tick();
      assert.equal(receiver.received.length, 150);
      assert.ok(receiver.received.every(({ body }) => body.length > 250 * 1024));
    });
  });

  it("keeps a slot for newcomers however many receivers hang, and serves all of them in the end", async () => {
    const CONNECTIONS = 80;
    const EACH = 25;
    for (let index = 0; index < CONNECTIONS; index++) {
      await test.connect({
        webhookUrl: `${receiver.url}/${index}`,
        eventTypes: [`n.c${index}`],
        limits: { ...LIMITS, concurrency: 20 },
      });
    }
    const late = await test.connect({ webhookUrl: `${receiver.url}/late`, eventTypes: ["late"] });
    const pendingResponses: (() => void)[] = [];
    receiver.respond = (response, { path }) => {
      const end = () => void response.writeHead(200).end();
      if (path === "/late") end();
      else pendingResponses.push(end);
    };
    const events = Array.from({ length: CONNECTIONS * EACH }, (_none, index) => ({
      id: null,
      createdAt: null,
      type: `n.c${index % CONNECTIONS}`,
      dataJson: "{}",
    }));
    await test.context.services.acceptor.accept({
      workspaceId: test.workspaceId,
      events,
      idempotency: null,
      traceContext: null,
    });
    const done = test.context.engine.worker.tick();
    await until(() => pendingResponses.length > 700);
    await test.accept({ type: "late" });
    await until(async () => (await test.delivery(late)).status === "delivered");
    assert.ok(test.context.engine.worker.inFlight <= 768, "a quarter is left to other workspaces");
    receiver.respond = (response) => void response.writeHead(200).end();
    for (const release of pendingResponses) release();
    await done;
    assert.equal(receiver.received.length, CONNECTIONS * EACH + 1);
  });

  describe("OpenSend's own events", () => {
    it("report a pause, a recovery and a final failure, only to connections that subscribe to them by name", async () => {
      const watcher = await another();
      const failing = await test.connect({
        webhookUrl: `${receiver.url}/hook`,
        eventTypes: ["n.*", "integration.*", "delivery.failed"],
        name: "Failing",
      });
      await test.connect({
        webhookUrl: `${watcher.url}/all`,
        eventTypes: ["integration.*", "delivery.failed"],
      });
      await test.connect({ webhookUrl: `${watcher.url}/star`, eventTypes: ["*", "delivery.*"] });
      response(500);
      await accept("n", 1);
      for (let attempt = 0; attempt < 10; attempt++) await runNextAttempt(failing);
      assert.ok((await statuses()).includes("failed"));
      for (let day = 0; day < 3; day++) {
        test.clock.now += 24 * 60 * MINUTE;
        await accept("n", 1);
        await runNextAttempt(failing);
      }
      await test.context.engine.worker.tick();
      const toAll = () => watcher.received.filter(({ path }) => path === "/all");
      assert.ok(toAll().some((request) => typeOf(request) === "integration.paused"));
      response(200);
      await resume(test.context.services.integrations, actor(), failing);
      await runNextAttempt(failing);
      await test.context.engine.worker.tick();
      const types = new Set(toAll().map(typeOf));
      assert.deepEqual([...types].toSorted(), [
        "delivery.failed",
        "integration.paused",
        "integration.recovered",
      ]);
      const failed = toAll().find((request) => typeOf(request) === "delivery.failed");
      const data = JSON.parse(failed?.body ?? "{}").data;
      assert.equal(data.connection_id, failing);
      assert.match(data.event_type, /^n\./);
      assert.equal(data.last_error.code, "http_status");
      assert.ok(!JSON.stringify(toAll()).includes(`${receiver.url}/hook`), "no URL");
      const own = [...receiver.received, ...watcher.received.filter(({ path }) => path === "/star")];
      assert.deepEqual(
        own.map(typeOf).filter((type) => !type.startsWith("n.")),
        [],
        "neither the connection itself, nor one that did not ask by name",
      );
    });

    it("cause no further events when their own delivery fails", async () => {
      const failingReceiver = await another();
      failingReceiver.respond = (response) => void response.writeHead(500).end();
      const types = ["integration.*", "delivery.failed"];
      await test.connect({ webhookUrl: `${receiver.url}/hook`, eventTypes: ["n.*"] });
      for (const path of ["/one", "/two"]) {
        await test.connect({ webhookUrl: `${failingReceiver.url}${path}`, eventTypes: types });
      }
      response(410);
      await accept("n", 1);
      for (let round = 0; round < 40; round++) {
        await test.context.engine.worker.tick();
        test.clock.now += 6 * 60 * MINUTE;
      }
      const { rows } = {
        rows: await test.context.store.db.selectFrom("events").select(["type", "origin"]).execute(),
      };
      assert.deepEqual(
        rows.filter(({ origin }) => origin === "system").map(({ type }) => type),
        ["integration.paused"],
      );
      assert.ok(failingReceiver.received.length > 10, "it was tried again and again");
    });
  });

  it("passes on the sender's trace with every attempt", async () => {
    await test.connect({ webhookUrl: `${receiver.url}/hook` });
    const traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    const event = { id: null, createdAt: null, dataJson: "{}", type: "a.b" };
    await test.context.services.acceptor.accept({
      workspaceId: test.workspaceId,
      events: [event],
      idempotency: null,
      traceContext: `${traceparent}\ncongo=t61rcWkgMzE`,
    });
    response(500);
    await test.context.engine.worker.tick();
    response(200);
    test.clock.now += 10 * SECOND;
    await test.context.engine.worker.tick();
    assert.deepEqual(
      receiver.received.map(({ headers }) => [headers["traceparent"], headers["tracestate"]]),
      [
        [traceparent, "congo=t61rcWkgMzE"],
        [traceparent, "congo=t61rcWkgMzE"],
      ],
    );
  });

  it("counts attempts per hour once they are stored", async () => {
    const id = await test.connect({ webhookUrl: `${receiver.url}/hook` });
    await accept("n", 30);
    await test.context.engine.worker.tick();
    response(500);
    await accept("bad", 2);
    await test.context.engine.worker.tick();
    const rows = await readHourCounts(test.context.store);
    const sum = (column: "delivered" | "failed") => rows.reduce((total, row) => total + row[column], 0);
    assert.equal(sum("delivered"), 30);
    assert.equal(sum("failed"), 2);
    assert.ok(rows.every((row) => row.connectionId === id && row.hour % (60 * MINUTE) === 0));
  });

  it("sends the buffered deliveries of a stopped worker from the next one, immediately and in order", async () => {
    await test.connect({ webhookUrl: `${receiver.url}/hook`, limits: { ...LIMITS, ordered: true } });
    const pendingResponses: (() => void)[] = [];
    receiver.respond = (response) => void pendingResponses.push(() => response.writeHead(200).end());
    await accept("n", 10);
    const done = test.context.engine.worker.tick();
    await until(async () => pendingResponses.length === 1);
    const stopped = test.context.engine.worker.stop();
    pendingResponses[0]?.();
    await Promise.all([done, stopped]);
    assert.deepEqual(typesReceived(), ["n.0"]);
    assert.deepEqual(await statuses(), ["delivered", ...Array(9).fill("pending")]);
    response(200);
    const next = await openTestApp(database);
    next.clock.now = test.clock.now;
    await next.context.engine.worker.tick();
    assert.deepEqual(typesReceived(), named("n", 10));
    await next.close();
  });

  it("sends a queue only from the process that owns it", async () => {
    await test.connect({ webhookUrl: `${receiver.url}/hook`, limits: { ...LIMITS, concurrency: 2 } });
    const pendingResponses: (() => void)[] = [];
    receiver.respond = (response) => void pendingResponses.push(() => response.writeHead(200).end());
    await accept("n", 20);
    await test.context.engine.worker.heartbeat();
    const done = test.context.engine.worker.tick();
    await until(async () => pendingResponses.length === 2);
    const second = await openTestApp(database);
    second.clock.now = test.clock.now;
    await second.context.engine.worker.heartbeat();
    await second.context.engine.worker.tick();
    assert.equal(receiver.received.length, 2, "two at once over both processes");
    receiver.respond = (response) => void response.writeHead(200).end();
    for (const release of pendingResponses) release();
    await done;
    assert.equal(receiver.received.length, 20);
    await second.close();
  });
});

function typeOf({ body }: Received): string {
  return (JSON.parse(body) as { type: string }).type;
}
