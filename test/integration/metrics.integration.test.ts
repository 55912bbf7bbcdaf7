import assert from "node:assert/strict";
import { request } from "node:http";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import { disconnect } from "../../src/connections/disconnect.ts";
import { pause, resume } from "../../src/connections/pause.ts";
import { newId } from "../../src/db/new-id.ts";
import { BacklogReader } from "../../src/dispatch/backlogs.ts";
import { QueueDepthReader } from "../../src/dispatch/queue-depth.ts";
import { logPending } from "../../src/statistics/log-entry.ts";
import { forEachDatabase, makeSqlite, type TestDatabase } from "../support/databases.ts";
import { startInstance, type TestInstance } from "../support/instance.ts";
import { startTestReceiver, type TestReceiver } from "../support/receiver.ts";
import { serveTestApp } from "../support/served-app.ts";
import { openTestApp, type TestApp } from "../support/test-app.ts";

const TOKEN = "a-metrics-token-of-tests";

describe("GET /metrics", () => {
  let open: TestInstance;
  let guarded: TestInstance;
  let proxied: TestInstance;
  before(async () => {
    open = await startInstance(makeSqlite);
    guarded = await startInstance(makeSqlite, { OPENSEND_METRICS_TOKEN: TOKEN });
    proxied = await startInstance(makeSqlite, { OPENSEND_TRUSTED_PROXIES: "10.9.9.9" });
  });
  after(async () => {
    await Promise.all([open, guarded, proxied].map((instance) => instance.remove()));
  });

  it("responds to callers on this machine without credentials, in Prometheus's text format", async () => {
    const response = await get(open, {});
    assert.equal(response.status, 200);
    assert.equal(response.headers["content-type"], "text/plain; version=0.0.4; charset=utf-8");
    assert.match(response.body, /^opensend_queue_depth 0$/m);
    assert.match(response.body, /^opensend_worker_last_beat_timestamp_seconds 1\d{9}/m);
  });

  for (const [what, headers] of [
    ["came through a proxy that sends X-Forwarded-For", { "x-forwarded-for": "203.0.113.7" }],
    ["came through a proxy that sends Forwarded", { forwarded: "for=203.0.113.7" }],
    ["names another host, as in DNS rebinding", { host: "rebound.example.com" }],
  ] as const) {
    it(`refuses a request that ${what}`, async () => {
      const response = await get(open, headers);
      assert.equal(response.status, 403);
      assert.equal(JSON.parse(response.body).code, "forbidden");
      assert.match(response.body, /OPENSEND_METRICS_TOKEN/);
    });
  }

  it("refuses callers without a token behind a trusted proxy, since every caller has the proxy's address", async () => {
    assert.equal((await get(proxied, {})).status, 403);
  });

  it("refuses local requests without a token when the instance is public", async () => {
    const database = await makeSqlite();
    const publicUrl = "https://hooks.example.com";
    const app = await serveTestApp(database, { publicUrl, metricsToken: TOKEN });
    const call = (headers: Record<string, string>) => fetch(`${app.url}/metrics`, { headers });
    // As forwarded by a proxy on this machine that rewrites Host and adds no header.
    assert.equal((await call({})).status, 401);
    assert.equal((await call({ authorization: TOKEN })).status, 401);
    assert.equal((await call({ authorization: `Bearer ${TOKEN}` })).status, 200);
    await app.close();
    await database.remove();
  });

  it("accepts the exact token from any address", async () => {
    const elsewhere = { "x-forwarded-for": "203.0.113.7" };
    const call = async (authorization?: string) =>
      get(guarded, { ...elsewhere, ...(authorization === undefined ? {} : { authorization }) });
    assert.equal((await call(`Bearer ${TOKEN}`)).status, 200);
    for (const wrong of [
      undefined,
      "Bearer ",
      `Bearer ${TOKEN}x`,
      `Basic ${TOKEN}`,
      `Bearer ${guarded.key}`,
    ]) {
      const response = await call(wrong);
      assert.equal(response.status, 401, String(wrong));
      assert.equal(response.headers["www-authenticate"], 'Bearer realm="OpenSend"');
      assert.ok(!response.body.includes(TOKEN));
    }
    assert.ok(!guarded.server.output().includes(TOKEN));
  });

  it("counts a delivery, and the log has a line about it without URL and payload", async () => {
    const receiver = await startTestReceiver();
    await open.api.post("/api/integrations/webhook", {
      name: "Counted",
      webhook_url: `${receiver.url}/hooks/s3cr3t-path`,
    });
    await open.api.post("/api/events", { type: "order.paid", data: { private: "s3cr3t-data" } });
    const deadline = Date.now() + 20_000;
    for (;;) {
      const { body } = await get(open, {});
      if (/^opensend_deliveries_delivered_total 1$/m.test(body)) break;
      assert.ok(Date.now() < deadline, body);
    }
    const { body } = await get(open, {});
    assert.match(body, /^opensend_events_accepted_total 1$/m);
    assert.match(body, /^opensend_attempts_total\{outcome="2xx"\} 1$/m);
    assert.match(body, /^opensend_accept_to_delivered_seconds_count 1$/m);
    for (const kind of ["accept", "claim", "record"]) {
      assert.match(body, new RegExp(`^opensend_commit_rows_count\\{kind="${kind}"\\} [1-9]`, "m"));
    }
    assert.doesNotMatch(body, /s3cr3t|127\.0\.0\.1|[0-9a-f]{8}-[0-9a-f]{4}-/);
    const lines = open.server.output().split("\n");
    const attempts = lines.filter((line) => line.includes('"msg":"attempt"')).map((line) => JSON.parse(line));
    assert.equal(attempts.length, 1);
    assert.equal(attempts[0].event_type, "order.paid");
    assert.equal(attempts[0].result, "delivered");
    assert.doesNotMatch(open.server.output(), /s3cr3t/);
    await receiver.close();
  });
});

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

  const actor = () =>
    ({ kind: "system", id: null, name: "T", workspaceId: test.workspaceId, address: null }) as const;

  it("reports the number of pending deliveries without counting rows", async () => {
    const read = async () => {
      await test.context.engine.folder.foldAll();
      const queries: string[] = [];
      const db = test.context.store.db.withPlugin({
        transformQuery: ({ node }) => {
          queries.push(JSON.stringify(node));
          return node;
        },
        transformResult: async ({ result }) => result,
      });
      const { pending } = await new QueueDepthReader(db, () => test.clock.now).read();
      assert.ok(queries.length > 0 && queries.every((query) => !/"count"|count\(/.test(query)));
      return pending;
    };
    assert.equal(await read(), 0);
    const ids = [
      await test.connect({ webhookUrl: `${receiver.url}/hook` }),
      await test.connect({ webhookUrl: `${receiver.url}/second` }),
    ];
    for (const id of ids) await pause(test.context.services.integrations, actor(), id);
    for (let count = 0; count < 20; count++) await test.accept({ type: "a.b" });
    assert.equal(await read(), 40);
    for (const id of ids) await resume(test.context.services.integrations, actor(), id);
    await test.context.engine.worker.tick();
    assert.equal(await read(), 0);
  });

  it("reports the oldest due time of connections that are not paused", async () => {
    const read = () => new QueueDepthReader(test.context.store.db, () => test.clock.now).read();
    const eventId = await test.accept({ type: "a.b" });
    const paused = await test.connect({ webhookUrl: `${receiver.url}/paused` });
    const other = await test.connect({ webhookUrl: `${receiver.url}/other` });
    assert.deepEqual(await read(), { pending: 0, oldestDueAt: null });
    await pause(test.context.services.integrations, actor(), paused);
    const { now } = test.clock;
    await insertDeliveries(eventId, paused, "pending", [now - 9000]);
    await insertDeliveries(eventId, other, "pending", [now + 1]);
    assert.deepEqual(await read(), { pending: 2, oldestDueAt: null });
    await insertDeliveries(eventId, other, "pending", [now - 5000, now - 4000]);
    assert.deepEqual(await read(), { pending: 4, oldestDueAt: now - 5000 });
  });

  it("reports the backlog of each connection, whatever delays it", async () => {
    const eventId = await test.accept({ type: "a.b" });
    const paused = await test.connect({ webhookUrl: `${receiver.url}/paused` });
    const failing = await test.connect({ webhookUrl: `${receiver.url}/failing` });
    const calm = await test.connect({ webhookUrl: `${receiver.url}/calm` });
    const gone = await test.connect({ webhookUrl: `${receiver.url}/gone` });
    await pause(test.context.services.integrations, actor(), paused);
    await disconnect(test.context.services.integrations, actor(), gone);
    const { now } = test.clock;
    const probe = { probe_at: now + 60_000, probe_delay_ms: 60_000 };
    await test.context.store.db.updateTable("connections").set(probe).where("id", "=", failing).execute();
    await insertDeliveries(eventId, paused, "pending", [now - 9000, now - 8000]);
    await insertDeliveries(eventId, failing, "pending", [now + 50_000]);
    const backlogs = await new BacklogReader(test.context.store.db, () => now).read();
    const byId = new Map(backlogs.map(({ connectionId, ...rest }) => [connectionId, rest]));
    assert.deepEqual(byId.get(paused), { state: "paused", pending: 2, oldestAt: 0 });
    assert.deepEqual(byId.get(failing), { state: "failing", pending: 1, oldestAt: 0 });
    assert.deepEqual(byId.get(calm), { state: "ok", pending: 0, oldestAt: null });
    assert.equal(byId.get(gone), undefined);
  });

  it("reads the database once for concurrent and closely following calls", async () => {
    const queue = new QueueDepthReader(test.context.store.db, () => test.clock.now);
    await test.connect({ webhookUrl: `${receiver.url}/hook` });
    const together = await Promise.all([queue.read(), queue.read()]);
    assert.equal(together[0], together[1]);
    await test.accept({ type: "a.b" });
    assert.equal(await queue.read(), together[0]);
  });

  async function insertDeliveries(
    eventId: string,
    connectionId: string,
    status: string,
    dueAts: readonly number[],
  ): Promise<void> {
    const { workspaceId } = test;
    const change = status === "pending" ? dueAts.length : 0;
    await test.context.store.transact((trx) =>
      logPending(trx, [{ workspaceId, connectionId, change }], test.clock.now),
    );
    await test.context.engine.folder.foldAll();
    const columns = {
      id: "text",
      workspace_id: "text",
      event_id: "text",
      connection_id: "text",
      trigger_kind: "text",
      status: "text",
      attempt_count: "bigint",
      next_attempt_at: "bigint",
      created_at: "bigint",
      updated_at: "bigint",
    } as const;
    const { db, hot } = test.context.store;
    const rows = dueAts.map((dueAt) => [
      newId(),
      test.workspaceId,
      eventId,
      connectionId,
      "schedule",
      status,
      0,
      dueAt,
      0,
      0,
    ]);
    await db.transaction().execute((trx) => hot.insertRows(trx, "deliveries", columns, rows));
  }
});

/** Sends exactly these headers; `fetch` does not allow setting Host. */
function get(
  instance: TestInstance,
  headers: Readonly<Record<string, string>>,
): Promise<{ status: number; headers: NodeJS.Dict<string | string[]>; body: string }> {
  return new Promise((resolve, reject) => {
    const call = request(`${instance.server.url}/metrics`, { headers, agent: false }, async (response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk as Buffer);
      const body = Buffer.concat(chunks).toString("utf8");
      resolve({ status: response.statusCode ?? 0, headers: response.headers, body });
    });
    call.once("error", reject);
    call.end();
  });
}
