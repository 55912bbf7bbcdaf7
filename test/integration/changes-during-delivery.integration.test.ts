import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { Webhook } from "standardwebhooks";
import { disconnect } from "../../src/connections/disconnect.ts";
import { pause, resume } from "../../src/connections/pause.ts";
import { rotateSigningSecret } from "../../src/connections/rotate-signing-secret.ts";
import { update } from "../../src/connections/update.ts";
import { CONCURRENCY_DEFAULT } from "../../src/domain/connection.ts";
import { forEachDatabase, makePostgres, type TestDatabase } from "../support/databases.ts";
import { startInstance } from "../support/instance.ts";
import { type Received, startTestReceiver, type TestReceiver } from "../support/receiver.ts";
import { startWorker } from "../support/server.ts";
import { openTestApp, type TestApp } from "../support/test-app.ts";
import { until } from "../support/until.ts";
import { untilSettled } from "../support/until-settled.ts";

/** Enough that most of them are buffered when the connection is changed. */
const EVENTS = 400;
const RESPONSE_AFTER_MS = 30;
/** So many that each of two processes owns some, except once in two thousand runs. */
const CONNECTIONS = 12;
const OLD_SECRET = `whsec_${Buffer.alloc(32, 1).toString("base64")}`;
const NEW_SECRET = `whsec_${Buffer.alloc(32, 2).toString("base64")}`;

const respondSlowly = (receiver: TestReceiver, afterMs: number) => {
  receiver.respond = (response) => void setTimeout(() => response.writeHead(200).end(), afterMs);
};

forEachDatabase((makeDatabase) => {
  let database: TestDatabase;
  let test: TestApp;
  let receiver: TestReceiver;
  let other: TestReceiver;

  beforeEach(async () => {
    database = await makeDatabase();
    test = await openTestApp(database);
    receiver = await startTestReceiver();
    other = await startTestReceiver();
    respondSlowly(receiver, RESPONSE_AFTER_MS);
  });
  afterEach(async () => {
    await test.close();
    for (const one of [receiver, other]) await one.close();
    await database.remove();
  });

  const actor = () =>
    ({ kind: "system", id: null, name: "Test", workspaceId: test.workspaceId, address: null }) as const;
  /** A busy connection: some deliveries have arrived, ten are in flight, and many more are buffered. */
  const amidWork = async (count = EVENTS) => {
    const id = await test.connect({ webhookUrl: `${receiver.url}/old`, signingSecret: OLD_SECRET });
    const event = { id: null, createdAt: null, type: "order.paid", dataJson: "{}" };
    await test.context.services.acceptor.accept({
      workspaceId: test.workspaceId,
      events: Array.from({ length: count }, () => event),
      idempotency: null,
      traceContext: null,
    });
    await until(() => receiver.received.length >= 3 * CONCURRENCY_DEFAULT);
    return id;
  };
  const statuses = async () => {
    const rows = await test.context.store.db.selectFrom("deliveries").select("status").execute();
    return new Map(
      Map.groupBy(rows, ({ status }) => status)
        .entries()
        .map(([key, of]) => [key, of.length]),
    );
  };
  /** Waits until nothing is in flight and every result is stored. */
  const requestPause = async () => {
    await until(async () => test.context.engine.worker.inFlight === 0 && (await attempts()) === arrivals());
  };
  const arrivals = () => receiver.received.length + other.received.length;
  const attempts = async () =>
    (await test.context.store.db.selectFrom("attempts").select("number").execute()).length;
  /** Only the requests in flight when the call returned may still arrive. */
  const assertOnlyThoseUnderWay = (before: number) => {
    const after = receiver.received.length - before;
    assert.ok(after <= CONCURRENCY_DEFAULT, `${after} left after the change was answered`);
  };

  it("sends nothing more for a disconnected connection, and cancels its pending deliveries", async () => {
    const id = await amidWork();
    await disconnect(test.context.services.integrations, actor(), id);
    const before = receiver.received.length;
    await requestPause();
    assertOnlyThoseUnderWay(before);
    const delivered = receiver.received.length;
    assert.deepEqual(
      await statuses(),
      new Map([
        ["delivered", delivered],
        ["cancelled", EVENTS - delivered],
      ]),
    );
    // Connected again, it gets nothing of the cancelled backlog.
    await update(test.context.services.integrations, actor(), id, { webhookUrl: `${other.url}/new` });
    await test.context.engine.worker.tick();
    assert.equal(other.received.length, 0);
  });

  it("cancels deliveries that return to the queue of a disconnected connection", async () => {
    const id = await amidWork();
    await disconnect(test.context.services.integrations, actor(), id);
    await requestPause();
    // As left by a retry that read the connection before the change.
    await test.context.store.db
      .updateTable("deliveries")
      .set({ status: "pending", next_attempt_at: test.clock.now })
      .where("status", "=", "delivered")
      .execute();
    await test.context.engine.worker.tick();
    assert.deepEqual(await statuses(), new Map([["cancelled", EVENTS]]));
  });

  it("sends nothing more for a paused connection, and the whole backlog once it is resumed", async () => {
    const id = await amidWork();
    await pause(test.context.services.integrations, actor(), id);
    const before = receiver.received.length;
    await requestPause();
    assertOnlyThoseUnderWay(before);
    assert.equal((await statuses()).get("pending"), EVENTS - receiver.received.length);
    respondSlowly(receiver, 0);
    await resume(test.context.services.integrations, actor(), id);
    await test.context.engine.worker.tick();
    assert.equal(receiver.received.length, EVENTS, "each once");
  });

  it("sends the remaining deliveries to the new URL once it is replaced", async () => {
    const id = await amidWork();
    await update(test.context.services.integrations, actor(), id, { webhookUrl: `${other.url}/new` });
    const before = receiver.received.length;
    await test.context.engine.worker.tick();
    assertOnlyThoseUnderWay(before);
    assert.equal(receiver.received.length + other.received.length, EVENTS, "each once");
  });

  it("signs the remaining deliveries only with the new secret when the old one ends immediately", async () => {
    const id = await amidWork();
    await rotateSigningSecret(test.context.services.integrations, actor(), id, {
      signingSecret: NEW_SECRET,
      overlapHours: 0,
    });
    const before = receiver.received.length;
    await test.context.engine.worker.tick();
    const bySecret = Map.groupBy(receiver.received.slice(before), (request) =>
      isSignedWith(NEW_SECRET, request),
    );
    const byOld = bySecret.get(false)?.length ?? 0;
    assert.ok(byOld <= CONCURRENCY_DEFAULT, `${byOld} were signed with the old secret alone`);
    assert.ok((bySecret.get(true)?.length ?? 0) > CONCURRENCY_DEFAULT);
  });

  it("does not apply the old receiver's responses to the new one", async () => {
    let respondToOld = (): void => assert.fail("nothing is under way");
    receiver.respond = (response) => {
      respondToOld = () => void response.writeHead(429, { "retry-after": "3600" }).end();
    };
    const id = await test.connect({ webhookUrl: `${receiver.url}/old` });
    await test.accept({ type: "order.paid" });
    await until(() => receiver.received.length === 1);
    await update(test.context.services.integrations, actor(), id, { webhookUrl: `${other.url}/new` });
    respondToOld();
    await requestPause();
    const row = await test.context.store.db
      .selectFrom("connections")
      .select(["health", "hold_until", "last_error_code", "consecutive_failures"])
      .executeTakeFirstOrThrow();
    assert.deepEqual(
      { ...row },
      { health: "unknown", hold_until: null, last_error_code: null, consecutive_failures: 0 },
    );
    await test.accept({ type: "order.paid" });
    await until(() => other.received.length === 1);
  });

  it("clears a Retry-After pause of the old receiver when the URL is replaced", async () => {
    receiver.respond = (response) => void response.writeHead(429, { "retry-after": "3600" }).end();
    const id = await test.connect({ webhookUrl: `${receiver.url}/old` });
    await test.accept({ type: "order.paid" });
    await until(() => receiver.received.length === 1);
    await test.accept({ type: "order.paid" });
    await test.context.engine.worker.tick();
    assert.equal(receiver.received.length, 1);
    await update(test.context.services.integrations, actor(), id, { webhookUrl: `${other.url}/new` });
    // The change itself wakes the worker.
    await until(() => other.received.length === 2);
  });
});

describe("several processes on PostgreSQL", () => {
  it("send nothing more for connections that were disconnected in one of them", async () => {
    const receiver = await startTestReceiver();
    const instance = await startInstance(makePostgres);
    const worker = await startWorker(instance.environment);
    try {
      const pendingResponses: (() => void)[] = [];
      receiver.respond = (response, { path }) => {
        const respond = () => void response.writeHead(200).end();
        if (path.startsWith("/order/")) pendingResponses.push(respond);
        else respond();
      };
      const connect = async (kind: string, index: number): Promise<string> => {
        const webhookUrl = `${receiver.url}/${kind}/${index}`;
        const input = { name: `${kind} ${index}`, webhook_url: webhookUrl, event_types: [`${kind}.*`] };
        return (await instance.api.post("/api/integrations/webhook", input)).body.data.id;
      };
      const store = instance.database.open();
      await untilSettled(store, 2);
      const ids: string[] = [];
      for (let index = 0; index < CONNECTIONS; index++) {
        ids.push(await connect("order", index));
        await connect("marker", index);
      }
      const events = Array.from({ length: 100 }, () => ({ type: "order.paid", data: {} }));
      await instance.api.post("/api/events/batch", events);
      await until(() => pendingResponses.length === CONNECTIONS * CONCURRENCY_DEFAULT);
      for (const id of ids) await instance.api.delete(`/api/integrations/connections/${id}`);
      // Notifications arrive in order: a process that has sent the markers knows of the change.
      await instance.api.post("/api/events", { type: "marker.set", data: {} });
      const markers = () => receiver.received.filter(({ path }) => path.startsWith("/marker/"));
      await until(() => markers().length === CONNECTIONS);
      for (const respond of pendingResponses) respond();
      const attempts = async () => (await store.db.selectFrom("attempts").select("number").execute()).length;
      await until(async () => (await attempts()) === receiver.received.length);
      await store.close();
      assert.equal(
        pendingResponses.length,
        CONNECTIONS * CONCURRENCY_DEFAULT,
        "nothing but what was in flight",
      );
    } finally {
      await worker.stop();
      await instance.remove();
      await receiver.close();
    }
  });
});

function isSignedWith(secret: string, { headers, body }: Received): boolean {
  try {
    new Webhook(secret).verify(body, headers as Record<string, string>);
    return true;
  } catch {
    return false;
  }
}
