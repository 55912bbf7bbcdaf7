import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { sql } from "kysely";
import type { ConnectInput } from "../../src/connections/connect.ts";
import { pause, resume } from "../../src/connections/pause.ts";
import { update } from "../../src/connections/update.ts";
import { forEachDatabase, type TestDatabase } from "../support/databases.ts";
import { startTestReceiver, type TestReceiver } from "../support/receiver.ts";
import { openTestApp, type TestApp } from "../support/test-app.ts";
import { until } from "../support/until.ts";

const LIMITS = { ordered: false, concurrency: 2, rateLimitPerMinute: null };

forEachDatabase((makeDatabase) => {
  let database: TestDatabase;
  let test: TestApp;
  let receiver: TestReceiver;
  let other: TestReceiver;
  let id: string;

  beforeEach(async () => {
    database = await makeDatabase();
    test = await openTestApp(database);
    receiver = await startTestReceiver();
    other = await startTestReceiver();
    await test.context.engine.worker.start();
  });
  afterEach(async () => {
    receiver.respond = (response) => void response.writeHead(200).end();
    await test.close();
    await receiver.close();
    await other.close();
    await database.remove();
  });

  const actor = () =>
    ({ kind: "system", id: null, name: "Test", workspaceId: test.workspaceId, address: null }) as const;
  /** A connection whose worker is caught up: it has read the queue to its end, and the queue was not empty. */
  const connectCaughtUp = async (limits: ConnectInput["limits"] = LIMITS) => {
    id = await test.connect({ webhookUrl: `${receiver.url}/hook`, limits });
    await test.accept({ type: "first.one" });
    await until(async () => (await test.delivery(id)).status === "delivered");
  };
  /** Whether an accepted event is sent without reading the queue. */
  const acceptedWithoutRead = async (type: string) => {
    const before = await countClaims();
    const pendingResponses: (() => void)[] = [];
    receiver.respond = (response) => void pendingResponses.push(() => response.writeHead(200).end());
    await test.accept({ type });
    await until(() => pendingResponses.length === 1);
    const after = await countClaims();
    receiver.respond = (response) => void response.writeHead(200).end();
    pendingResponses[0]?.();
    return before === after;
  };
  const statuses = async () => {
    const { db } = test.context.store;
    const rows = await db.selectFrom("deliveries").select("status").where("connection_id", "=", id).execute();
    return rows.map(({ status }) => status).toSorted();
  };
  const typesAt = (one: TestReceiver) => one.received.map(({ body }) => JSON.parse(body).type as string);
  const areDelivered = async () => (await statuses()).every((status) => status === "delivered");
  /** Number of reads from the queue so far. */
  const countClaims = async () => {
    const text = await test.context.services.instance.operations.metrics.read();
    return Number(
      /^opensend_commit_duration_seconds_count\{.*"claim".*\} (\d+)/m.exec(text)?.[1] ?? Number.NaN,
    );
  };

  describe("a delivery to a caught-up connection", () => {
    it("is sent right after its event's commit, without reading the queue", async () => {
      await connectCaughtUp();
      assert.ok(await acceptedWithoutRead("second.one"));
      await until(areDelivered);
      assert.deepEqual(typesAt(receiver), ["first.one", "second.one"]);
    });

    it("keeps within the concurrency limit, however many events arrive, and none is lost", async () => {
      await connectCaughtUp();
      let [under, most] = [0, 0];
      receiver.respond = (response) => {
        most = Math.max(most, ++under);
        setTimeout(() => {
          under--;
          response.writeHead(200).end();
        }, 1);
      };
      await Promise.all(Array.from({ length: 600 }, (_, n) => test.accept({ type: `n.${n}` })));
      await until(areDelivered);
      assert.ok(most <= LIMITS.concurrency, `${most} at once`);
      assert.equal(new Set(typesAt(receiver)).size, 601);
      assert.equal(receiver.received.length, 601);
    });

    it("is read from the queue with strict order or a rate limit", async () => {
      for (const limits of [
        { ...LIMITS, ordered: true },
        { ...LIMITS, rateLimitPerMinute: 6000 },
      ]) {
        await connectCaughtUp(limits);
        const before = await countClaims();
        await test.accept({ type: "second.one" });
        await until(areDelivered);
        assert.ok((await countClaims()) > before);
      }
    });
  });

  describe("an event accepted after a change", () => {
    it("waits if the connection is paused", async () => {
      await connectCaughtUp();
      await pause(test.context.services.integrations, actor(), id);
      await test.accept({ type: "second.one" });
      assert.equal((await test.delivery(id)).status, "pending");
      assert.deepEqual(typesAt(receiver), ["first.one"]);
    });

    it("goes to the new URL", async () => {
      await connectCaughtUp();
      await update(test.context.services.integrations, actor(), id, { webhookUrl: `${other.url}/hook` });
      await test.accept({ type: "second.one" });
      await until(areDelivered);
      assert.deepEqual(typesAt(other), ["second.one"]);
    });

    it("by another process is sent with the changed settings", async () => {
      await connectCaughtUp();
      const second = await openTestApp(database);
      await update(second.context.services.integrations, { ...actor() }, id, {
        webhookUrl: `${other.url}/hook`,
      });
      await second.close();
      await test.accept({ type: "second.one" });
      await until(areDelivered);
      assert.deepEqual(typesAt(other), ["second.one"]);
    });
  });

  it("does not overtake deliveries that failed and wait", async () => {
    await connectCaughtUp();
    receiver.respond = (response) => void response.writeHead(503).end();
    for (const type of ["f.1", "f.2", "f.3"]) {
      await test.accept({ type });
      await until(async () => (await attempts()) >= Number(type.at(-1)) + 1);
    }
    // Three faults in a row open the circuit breaker.
    await test.accept({ type: "f.4" });
    assert.equal((await test.delivery(id)).status, "pending");
    assert.equal(receiver.received.length, 4);
  });

  it("does not overtake a backlog", async () => {
    await connectCaughtUp();
    await pause(test.context.services.integrations, actor(), id);
    for (let n = 0; n < 40; n++) await test.accept({ type: `old.${n}` });
    const pendingResponses: (() => void)[] = [];
    receiver.respond = (response) => void pendingResponses.push(() => response.writeHead(200).end());
    await resume(test.context.services.integrations, actor(), id);
    await until(() => pendingResponses.length === LIMITS.concurrency);
    await test.accept({ type: "new.one" });
    assert.equal((await test.delivery(id)).status, "pending");
    receiver.respond = (response) => void response.writeHead(200).end();
    for (const release of pendingResponses) release();
    await until(areDelivered);
    assert.equal(typesAt(receiver).at(-1), "new.one");
  });

  it("releases the reservations of a failed commit", async () => {
    await connectCaughtUp();
    const { db } = test.context.store;
    await sql.raw("alter table events rename to events_away").execute(db);
    for (let n = 0; n < 300; n++) await assert.rejects(test.accept({ type: "lost.one" }));
    await sql.raw("alter table events_away rename to events").execute(db);
    assert.ok(await acceptedWithoutRead("second.one"));
    await until(areDelivered);
    assert.deepEqual(typesAt(receiver), ["first.one", "second.one"]);
  });

  it("leaves buffered deliveries pending when the process stops", async () => {
    await connectCaughtUp();
    const pendingResponses: (() => void)[] = [];
    receiver.respond = (response) => void pendingResponses.push(() => response.writeHead(200).end());
    for (let n = 0; n < 5; n++) await test.accept({ type: `n.${n}` });
    await until(() => pendingResponses.length === LIMITS.concurrency);
    const stopping = test.context.engine.worker.stop();
    for (const release of pendingResponses) release();
    await stopping;
    assert.deepEqual(await statuses(), [...Array(3).fill("delivered"), ...Array(3).fill("pending")]);
  });

  const attempts = async () => {
    const { db } = test.context.store;
    const rows = await db.selectFrom("deliveries").select("attempt_count").execute();
    return rows.reduce((sum, row) => sum + row.attempt_count, 0);
  };
});
