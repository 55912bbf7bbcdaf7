import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { type CommitProxy, startCommitProxy } from "../chaos/commit-proxy.ts";
import { makePostgres, type TestDatabase } from "../support/databases.ts";
import { startTestReceiver, type TestReceiver } from "../support/receiver.ts";
import { readHourCounts } from "../support/seed-hours.ts";
import { openTestApp, type TestApp } from "../support/test-app.ts";
import { until } from "../support/until.ts";

const ANY = () => true;

/** The connection is cut after the server has received the COMMIT, and before its response arrives. */
describe("a commit whose outcome is unknown", () => {
  let database: TestDatabase;
  let proxy: CommitProxy;
  let test: TestApp;
  let receiver: TestReceiver;

  beforeEach(async () => {
    database = await makePostgres();
    proxy = await startCommitProxy(database.databaseUrl ?? "");
    test = await openTestApp({
      ...database,
      databaseUrl: proxy.url,
      environment: { ...database.environment, DATABASE_URL: proxy.url },
    });
    receiver = await startTestReceiver();
  });
  afterEach(async () => {
    await test.close();
    await receiver.close();
    await proxy.close();
    await database.remove();
  });

  const db = () => test.context.store.db;
  const types = async () => {
    const rows = await db().selectFrom("events").select("type").orderBy("type").execute();
    return rows.map(({ type }) => type);
  };
  const countDeliveries = async () => (await db().selectFrom("deliveries").select("id").execute()).length;
  const accept = (type: string, once: string | null = null) =>
    test.context.services.acceptor.accept({
      workspaceId: test.workspaceId,
      events: [{ id: null, type, createdAt: null, dataJson: "{}" }],
      idempotency: once === null ? null : { key: once, digest: "d" },
      traceContext: null,
    });

  it("stores every event of a batch once, and responds for all of them", async () => {
    await test.connect({ webhookUrl: receiver.url });
    const cut = proxy.cutNextCommit("events", ANY);
    const names = Array.from({ length: 10 }, (_, index) => `order.n${index}`);
    const responses = await Promise.all(names.map((name) => accept(name)));
    await cut;
    assert.deepEqual(await types(), names);
    assert.equal(await countDeliveries(), 10);
    assert.ok(responses.every(({ replayed, events }) => !replayed && events[0]?.deliveries === 1));
    await until(async () => {
      await test.context.engine.worker.tick();
      return receiver.received.length === 10;
    });
  });

  it("of a request with an idempotency key counts as the first request, and its repeat as a repeat", async () => {
    const cut = proxy.cutNextCommit("events", ANY);
    const first = await accept("order.paid", "key");
    await cut;
    assert.equal(first.replayed, false);
    const again = await accept("order.paid", "key");
    assert.deepEqual(again, { ...first, replayed: true });
    assert.deepEqual(await types(), ["order.paid"]);
  });

  it("stores events with ids once", async () => {
    const id = "0198c5f2-7c1e-7a54-9d3e-5b1f0c2a7e11";
    const cut = proxy.cutNextCommit("events", ANY);
    await test.accept({ id, type: "order.paid" });
    await cut;
    assert.deepEqual(await types(), ["order.paid"]);
  });

  it("records an attempt once, and counts it once", async () => {
    const connectionId = await test.connect({ webhookUrl: receiver.url });
    receiver.respond = (response) => void response.writeHead(500).end();
    const cut = proxy.cutNextCommit("attempts", ANY);
    await test.accept({ type: "order.paid" });
    await test.context.engine.worker.tick();
    await cut;
    assert.equal(receiver.received.length, 1);
    const attempts = await db().selectFrom("attempts").select("number").execute();
    assert.deepEqual(
      attempts.map(({ number }) => number),
      [1],
    );
    const { status, attempt_count } = await test.delivery(connectionId);
    assert.deepEqual({ status, attempt_count }, { status: "pending", attempt_count: 1 });
    const connection = await db().selectFrom("connections").select("consecutive_failures").executeTakeFirst();
    assert.equal(connection?.consecutive_failures, 1);
    const hours = await readHourCounts(test.context.store);
    assert.deepEqual(
      hours.map(({ delivered, failed }) => [delivered, failed]),
      [[0, 1]],
    );
  });
});

describe("a finished attempt", () => {
  it("waits while the database is unreachable, and is recorded when it is back", async () => {
    const { startCuttableProxy } = await import("../support/cuttable-proxy.ts");
    const database = await makePostgres();
    const direct = new URL(database.databaseUrl ?? "");
    const cuttable = await startCuttableProxy(`http://127.0.0.1:${direct.port}`);
    const via = new URL(direct.href);
    via.port = new URL(cuttable.url).port;
    const environment = { ...database.environment, DATABASE_URL: via.href };
    const test = await openTestApp({ ...database, databaseUrl: via.href, environment });
    const receiver = await startTestReceiver();
    try {
      const connectionId = await test.connect({ webhookUrl: receiver.url });
      receiver.respond = (response) => {
        cuttable.cut();
        response.writeHead(200).end();
      };
      await test.accept({ type: "order.paid" });
      await until(() => receiver.received.length === 1);
      setTimeout(() => cuttable.restore(), 500);
      const delivered = async () => {
        const delivery = await test.delivery(connectionId).catch(() => null);
        return delivery?.status === "delivered";
      };
      await until(delivered);
      await test.context.engine.worker.tick();
      assert.equal(receiver.received.length, 1, "it is not sent again");
    } finally {
      cuttable.restore();
      await test.close();
      await receiver.close();
      await cuttable.close();
      await database.remove();
    }
  });
});
