import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { makePostgres } from "../support/databases.ts";
import { startInstance, type TestInstance } from "../support/instance.ts";
import { type Pgbouncer, pgbouncerMissing, startPgbouncer } from "../support/pgbouncer.ts";
import { startTestReceiver, type TestReceiver } from "../support/receiver.ts";
import { type RunningWorker, runCommand, startWorker } from "../support/server.ts";
import { until } from "../support/until.ts";

const CONNECTIONS = 12;
const EVENTS = 600;
/** Fewer server sessions than the two processes have connections, so that they share sessions. */
const POOL_SIZE = 10;
/** The doctor checks whether the internet is reachable, which tests must not depend on. */
const UNREACHABLE_PROXY = { OPENSEND_OUTBOUND_PROXY: "http://127.0.0.1:9" };
/** With a key set, the log has no warning about a generated one. */
const KEY = { INTEGRATION_SECRET_ENCRYPTION_KEY: "a test key with enough randomness 7f3a" };
const LISTEN_WARNING = /LISTEN does not work through the pooler/;
/** The level of warnings in Pino. */
const WARN_LEVEL = 40;

describe("two processes behind PgBouncer in transaction mode", { skip: pgbouncerMissing }, () => {
  let pooler: Pgbouncer;
  let directUrl: string;
  let instance: TestInstance;
  let worker: RunningWorker;
  let receiver: TestReceiver;

  beforeEach(async () => {
    receiver = await startTestReceiver();
  });
  afterEach(async () => {
    await worker.stop();
    await instance.remove();
    await pooler.stop();
    await receiver.close();
  });

  const startBoth = async (environmentFor: (directUrl: string) => Record<string, string>) => {
    const makeDatabase = async () => {
      const database = await makePostgres();
      directUrl = database.databaseUrl ?? "";
      pooler = await startPgbouncer(directUrl, { pool_mode: "transaction", default_pool_size: POOL_SIZE });
      const environment = {
        ...database.environment,
        ...KEY,
        DATABASE_URL: pooler.url,
        ...environmentFor(directUrl),
      };
      return { ...database, environment };
    };
    instance = await startInstance(makeDatabase);
    worker = await startWorker(instance.environment);
    await until(async () => (await system()).workers.length === 2);
  };
  const system = async () => (await instance.api.get("/api/system")).body.data;
  const doctor = async () => {
    const port = new URL(instance.server.url).port;
    return (await runCommand(["doctor"], { ...instance.environment, ...UNREACHABLE_PROXY, PORT: port }))
      .stdout;
  };
  const warnings = () =>
    [instance.server, worker].map((process) =>
      process
        .output()
        .split("\n")
        .filter((line) => line.startsWith("{"))
        .map((line) => JSON.parse(line) as { level: number; msg: string })
        .filter(({ level }) => level >= WARN_LEVEL)
        .map(({ msg }) => msg)
        // This warning depends on the version of PgBouncer.
        .filter((message) => !message.includes("does not keep prepared statements")),
    );
  const deliverAll = async () => {
    for (let index = 0; index < CONNECTIONS; index++) {
      const created = await instance.api.post("/api/integrations/webhook", {
        name: `Connection ${index}`,
        webhook_url: `${receiver.url}/${index}`,
        event_types: [`n.c${index}`],
      });
      assert.equal(created.status, 201);
    }
    const posts = Array.from({ length: EVENTS }, (_none, index) =>
      instance.api.post("/api/events", { type: `n.c${index % CONNECTIONS}`, data: { index } }),
    );
    for (const { status } of await Promise.all(posts)) assert.equal(status, 202);
    await until(() => receiver.received.length >= EVENTS);
    const ids = new Set(receiver.received.map(({ headers }) => headers["webhook-id"]));
    assert.deepEqual([ids.size, receiver.received.length], [EVENTS, EVENTS], "each once");
  };

  it("deliver all events that either accepts, by polling and with a warning", async () => {
    await startBoth(() => ({}));
    await deliverAll();
    for (const messages of warnings()) {
      assert.equal(messages.length, 1, messages.join("\n"));
      assert.match(messages[0] ?? "", LISTEN_WARNING);
      assert.match(messages[0] ?? "", /Set OPENSEND_DATABASE_LISTEN_URL/);
    }
    assert.equal((await system()).database.listening, false);
    const found = await doctor();
    assert.match(found, /^(ok|warn) +pooler: DATABASE_URL leads to a pooler in transaction mode/m);
    assert.match(found, /^warn {2}listen: LISTEN does not work .*, so processes poll: /m);
    assert.doesNotMatch(found, /^FAIL/m);
  });

  it("deliver all events that either accepts, and notify each other over a direct URL", async () => {
    await startBoth((directUrl) => ({ OPENSEND_DATABASE_LISTEN_URL: directUrl }));
    await deliverAll();
    assert.deepEqual(warnings(), [[], []]);
    assert.equal((await system()).database.listening, true);
    const found = await doctor();
    assert.match(found, /^ok {4}listen: processes notify each other/m);
    assert.doesNotMatch(found, /^FAIL/m);
  });
});
