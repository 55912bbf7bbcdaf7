import assert from "node:assert/strict";
import { afterEach, beforeEach, it } from "node:test";
import { createRandom } from "../chaos/random.ts";
import { ApiClient } from "../support/api-client.ts";
import { forEachDatabase } from "../support/databases.ts";
import { startInstance, type TestInstance } from "../support/instance.ts";
import { startTestReceiver, type TestReceiver } from "../support/receiver.ts";
import { assertEqualsRecount } from "../support/recount.ts";
import { type RunningServer, type RunningWorker, startServer, startWorker } from "../support/server.ts";
import { until } from "../support/until.ts";

const KILLS = 3;
const CONNECTIONS = 12;
const RECEIVED_BEFORE_KILL = 100;
/** More batches than are received before the last kill. */
const BATCHES_MAX = 200;

forEachDatabase((makeDatabase, dialect) => {
  let instance: TestInstance;
  let receiver: TestReceiver;
  let server: RunningServer;
  const workers: RunningWorker[] = [];

  beforeEach(async () => {
    const random = createRandom(7);
    receiver = await startTestReceiver();
    receiver.respond = (response) => void response.writeHead(random() < 0.2 ? 500 : 200).end();
    instance = await startInstance(makeDatabase);
    server = instance.server;
  });
  afterEach(async () => {
    for (const worker of workers.splice(0)) await worker.kill();
    await server.kill();
    await instance.remove();
    await receiver.close();
  });

  const connectAll = async () => {
    for (let index = 0; index < CONNECTIONS; index++) {
      const { status } = await instance.api.post("/api/integrations/webhook", {
        webhook_url: `${receiver.url}/${index}`,
      });
      assert.equal(status, 201);
    }
  };

  /** Posts events until the process is gone. */
  const load = async () => {
    const api = new ApiClient(server.url, { key: instance.key });
    for (let batch = 0; batch < BATCHES_MAX; batch++) {
      const events = Array.from({ length: 5 }, (_, index) => ({ type: `n.t${index % 4}`, data: { batch } }));
      const sent = await api.post("/api/events/batch", events).catch(() => null);
      if (sent === null) return;
      assert.equal(sent.status, 202);
    }
  };

  const killAmidLoad = async (process: RunningServer | RunningWorker) => {
    const before = receiver.received.length;
    await until(() => receiver.received.length >= before + RECEIVED_BEFORE_KILL);
    await process.kill();
  };

  /** The server folds on its own within seconds. */
  const hasFolded = async () => {
    const { body } = await instance.api.get("/api/statistics");
    return body.data.series[0].total.attempts > 0;
  };

  const recount = async () => {
    const store = instance.database.open();
    await assertEqualsRecount(store);
    await store.close();
  };

  it("statistics equal the recorded rows, however often processes are killed", {
    timeout: 120_000,
  }, async () => {
    await connectAll();
    if (dialect === "postgres") {
      // More processes deliver and fold; the queues of killed ones are not taken over for 20 seconds.
      for (let count = 1; count < KILLS; count++) workers.push(await startWorker(instance.environment));
    }
    const loading = load();
    await until(hasFolded);
    for (const worker of workers) await killAmidLoad(worker);
    await killAmidLoad(server);
    await loading;
    await recount();
    for (let kills = 1; kills < KILLS && dialect === "sqlite"; kills++) {
      server = await startServer(instance.environment, { dataDir: instance.database.dataDir });
      const more = load();
      await killAmidLoad(server);
      await more;
      await recount();
    }
  });
});
