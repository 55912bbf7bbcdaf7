import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { StatisticsFolder } from "../../src/statistics/fold.ts";
import { makePostgres, makeSqlite } from "../support/databases.ts";
import { startInstance, type TestInstance } from "../support/instance.ts";
import { startTestReceiver, type TestReceiver } from "../support/receiver.ts";
import { assertIssuesEqualRecount } from "../support/recount-issues.ts";
import { type RunningWorker, runCommand, startWorker } from "../support/server.ts";
import { until } from "../support/until.ts";

const CONNECTIONS = 12;
const ROUNDS = 8;

type Issue = {
  readonly id: string;
  readonly connection_id: string;
  readonly state: string;
  readonly retrying_attempts: number;
  readonly failed_deliveries: number;
};

describe("several processes on PostgreSQL", () => {
  let instance: TestInstance;
  let receiver: TestReceiver;
  let workers: RunningWorker[];

  beforeEach(async () => {
    receiver = await startTestReceiver();
    instance = await startInstance(makePostgres);
    workers = [];
  });
  afterEach(async () => {
    for (const worker of workers) await worker.stop();
    await instance.remove();
    await receiver.close();
  });

  const join = async () => {
    const worker = await startWorker(instance.environment);
    workers.push(worker);
    return worker;
  };
  const connectAll = async () => {
    for (let index = 0; index < CONNECTIONS; index++) {
      await instance.api.post("/api/integrations/webhook", {
        name: `Connection ${index}`,
        webhook_url: `${receiver.url}/${index}`,
        event_types: [`n.c${index}`],
      });
    }
  };
  const post = async (count: number) => {
    const events = Array.from({ length: count }, (_none, index) => ({
      type: `n.c${index % CONNECTIONS}`,
      data: { index },
    }));
    const response = await instance.api.post("/api/events/batch", events);
    assert.equal(response.status, 202);
  };
  const query = async <Row>(work: (store: ReturnType<TestInstance["database"]["open"]>) => Promise<Row>) => {
    const store = instance.database.open();
    try {
      return await work(store);
    } finally {
      await store.close();
    }
  };
  const countActive = () =>
    query(async ({ db }) => {
      const rows = await db.selectFrom("workers").select("id").where("stopped_at", "is", null).execute();
      return rows.length;
    });
  const distinctReceived = () => new Set(receiver.received.map(({ headers }) => headers["webhook-id"])).size;

  it("share the connections, and send events that another process accepted", async () => {
    await connectAll();
    await join();
    await until(async () => (await countActive()) === 2);
    // After a heartbeat both know each other, and each connection has one owner.
    await until(async () => {
      const before = receiver.received.length;
      await post(CONNECTIONS);
      await until(() => receiver.received.length >= before + CONNECTIONS);
      const owners = await query(({ db }) =>
        db
          .selectFrom("workers")
          .select("id")
          .where("beat_at", ">", Date.now() - 10_000)
          .execute(),
      );
      return owners.length === 2 && receiver.received.length >= 10 * CONNECTIONS;
    });
    assert.equal(distinctReceived(), receiver.received.length, "each once");
  });

  it("lose nothing when one is killed while sending, and the other takes over", async () => {
    await connectAll();
    const victim = await join();
    await until(async () => (await countActive()) === 2);
    receiver.respond = (response) => void setTimeout(() => response.writeHead(200).end(), 200);
    await post(600);
    await until(() => receiver.received.length > 100);
    victim.process.kill("SIGKILL");
    await post(600);
    // The operating system knows that the process has ended, so the other does not wait for 20 s of silence.
    await until(async () => {
      const rows = await query(({ db }) =>
        db
          .selectFrom("workers")
          .select("members")
          .where("pid", "!=", victim.process.pid ?? 0)
          .execute(),
      );
      return rows.some(({ members }) => (JSON.parse(members) as string[]).length === 1);
    });
    const deadline = Date.now() + 60_000;
    while (distinctReceived() < 1200) {
      assert.ok(Date.now() < deadline, `${distinctReceived()} of 1200 arrived`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const twice = receiver.received.length - distinctReceived();
    assert.ok(twice <= 256 * CONNECTIONS, `${twice} twice`);
    await until(async () => {
      const open = await query(({ db }) =>
        db.selectFrom("deliveries").select("id").where("status", "!=", "delivered").execute(),
      );
      return open.length === 0;
    });
  });

  it("open and resolve each issue once, and count each failure once, whichever process sends and folds", async () => {
    await connectAll();
    await join();
    await until(async () => (await countActive()) === 2);
    const issues = async () => (await instance.api.get("/api/issues?state=all")).body.data as Issue[];
    const sent = () => receiver.received.length;
    // The processes fold once per second; these two fold continuously, so that the order varies.
    let isFolding = true;
    const folding = Array.from({ length: 2 }, () =>
      query(async (store) => {
        const folder = new StatisticsFolder(store);
        while (isFolding) await folder.foldAll();
      }),
    );
    receiver.respond = (response) => void response.writeHead(422).end("No such order.");
    for (let round = 0; round < ROUNDS; round++) await post(CONNECTIONS);
    await until(() => sent() === ROUNDS * CONNECTIONS);
    await until(async () => {
      const counted = (await issues()).reduce((sum, issue) => sum + issue.retrying_attempts, 0);
      return counted >= sent();
    });
    const opened = await issues();
    assert.deepEqual(
      opened.map(({ state, retrying_attempts, failed_deliveries }) => [
        state,
        retrying_attempts,
        failed_deliveries,
      ]),
      opened.map(() => ["open", ROUNDS, 0]),
    );
    assert.equal(new Set(opened.map(({ connection_id }) => connection_id)).size, CONNECTIONS);

    receiver.respond = (response) => void response.writeHead(200).end();
    await instance.api.post("/api/deliveries/retry-pending", { filter: {} });
    await until(async () => (await issues()).every(({ state }) => state === "resolved"));
    const resolved = await issues();
    const ids = (of: readonly Issue[]) => of.map(({ id }) => id).sort();
    assert.deepEqual(ids(resolved), ids(opened), "none is opened anew");
    await until(() => sent() === 2 * ROUNDS * CONNECTIONS);
    isFolding = false;
    await Promise.all(folding);
    await query(assertIssuesEqualRecount);
  });

  it("release their queues when they are stopped", async () => {
    await connectAll();
    const leaving = await join();
    await until(async () => (await countActive()) === 2);
    receiver.respond = (response) => void setTimeout(() => response.writeHead(200).end(), 5);
    await post(1000);
    await until(() => receiver.received.length > 50);
    assert.equal(await leaving.stop(), 0);
    await until(() => distinctReceived() === 1000);
    assert.equal(receiver.received.length, 1000, "each once");
    assert.equal(await countActive(), 1);
  });
});

describe("opensend worker", () => {
  it("explains on the embedded database that it needs PostgreSQL", async () => {
    const database = await makeSqlite();
    const { code, stderr } = await runCommand(["worker"], database.environment);
    assert.equal(code, 2);
    assert.match(stderr, /DATABASE_URL must name a PostgreSQL database/);
    await database.remove();
  });
});
