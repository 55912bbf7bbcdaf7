import assert from "node:assert/strict";
import type { ServerResponse } from "node:http";
import { afterEach, beforeEach, describe, it } from "node:test";
import { ApiClient, setUpOwner } from "../support/api-client.ts";
import { containersMissing, inContainer } from "../support/container.ts";
import { forEachDatabase, makePostgres, type TestDatabase } from "../support/databases.ts";
import { startTestReceiver, type TestReceiver } from "../support/receiver.ts";
import { type RunningServer, startServer } from "../support/server.ts";
import { type StallableProxy, startStallableProxy } from "../support/stallable-proxy.ts";
import { until } from "../support/until.ts";

/** More than the time after which a silent process counts as gone, plus one sweep. */
const TAKEN_OVER_WITHIN_MS = 60_000;
const HOST = "same-name";

type Row = { readonly connection: string; readonly status: string; readonly attempt_count: number };

/** Servers that share a database, and a receiver that keeps requests open as long as the test wants. */
class Cluster {
  readonly database: TestDatabase;
  readonly receiver: TestReceiver;
  readonly servers: RunningServer[] = [];
  readonly #pendingResponses: ServerResponse[] = [];
  #key = "";

  constructor(database: TestDatabase, receiver: TestReceiver) {
    this.database = database;
    this.receiver = receiver;
  }

  async start(environment: Record<string, string> = {}): Promise<{ server: RunningServer; api: ApiClient }> {
    const server = await startServer(
      { OPENSEND_RATE_LIMIT_PER_MINUTE: "0", ...this.database.environment, ...environment },
      { dataDir: this.database.dataDir, within: inContainer(HOST) },
    );
    this.servers.push(server);
    if (this.#key === "") {
      const owner = await setUpOwner(server);
      this.#key = (await owner.post("/api/api-keys", { name: "Tests", access: "full_access" })).body.key;
    }
    return { server, api: new ApiClient(server.url, { key: this.#key }) };
  }

  delayResponses(): void {
    this.receiver.respond = (response) => void this.#pendingResponses.push(response);
  }

  sendResponses(): void {
    this.receiver.respond = (response) => void response.writeHead(200).end();
    for (const response of this.#pendingResponses.splice(0)) response.writeHead(200).end();
  }

  /** How often each event arrived at a path, in order of first arrival: `[n, times]` of the event `{ "n": n }`. */
  arrivals(path: string): readonly (readonly [number, number])[] {
    const times = new Map<number, number>();
    for (const one of this.receiver.received) {
      if (one.path !== path) continue;
      const { n } = JSON.parse(one.body).data;
      times.set(n, (times.get(n) ?? 0) + 1);
    }
    return [...times];
  }

  async query<Result>(work: (store: ReturnType<TestDatabase["open"]>) => Promise<Result>): Promise<Result> {
    const store = this.database.open();
    try {
      return await work(store);
    } finally {
      await store.close();
    }
  }

  deliveries(): Promise<readonly Row[]> {
    return this.query(({ db }) =>
      db
        .selectFrom("deliveries")
        .select(["connection_id as connection", "status", "attempt_count"])
        .execute(),
    );
  }

  async allDelivered(): Promise<boolean> {
    return (await this.deliveries()).every(({ status }) => status === "delivered");
  }

  async remove(): Promise<void> {
    this.sendResponses();
    for (const server of this.servers) if (server.process.exitCode === null) await server.kill();
    await this.receiver.close();
    await this.database.remove();
  }
}

async function connect(api: ApiClient, url: string, settings: Record<string, unknown> = {}): Promise<void> {
  const response = await api.post("/api/integrations/webhook", { name: url, webhook_url: url, ...settings });
  assert.equal(response.status, 201, response.text);
}

async function post(api: ApiClient, ...numbers: readonly number[]): Promise<void> {
  for (const n of numbers) {
    const response = await api.post("/api/events", { type: "a.b", data: { n } });
    assert.equal(response.status, 202, response.text);
  }
}

async function untilLate(condition: () => Promise<boolean> | boolean): Promise<void> {
  const deadline = Date.now() + TAKEN_OVER_WITHIN_MS;
  while (!(await condition())) {
    assert.ok(Date.now() < deadline, "the condition did not come true in time");
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

describe("containers with the same host name and process id", {
  skip: containersMissing,
}, () => {
  forEachDatabase((makeDatabase, dialect) => {
    let cluster: Cluster;
    beforeEach(async () => {
      cluster = new Cluster(await makeDatabase(), await startTestReceiver());
    });
    afterEach(() => cluster.remove());

    const connectBoth = async (api: ApiClient) => {
      await connect(api, `${cluster.receiver.url}/ordered`, { ordered: true, event_types: ["a.b"] });
      await connect(api, `${cluster.receiver.url}/plain`, { event_types: ["a.b"] });
    };

    it("do not send each other's in-flight deliveries, and keep the order", async () => {
      const first = await cluster.start();
      await connectBoth(first.api);
      cluster.delayResponses();
      await post(first.api, 1, 2);
      await until(() => cluster.receiver.received.length === 3);
      const second = await cluster.start();
      await until(async () => (await second.api.get("/api/ready")).status === 200);
      // The second process sends what it accepts; the first one keeps its in-flight deliveries.
      await connect(second.api, `${cluster.receiver.url}/free`, { event_types: ["c.d"] });
      await second.api.post("/api/events", { type: "c.d", data: { n: 9 } });
      await until(() => cluster.arrivals("/free").length === 1);
      assert.deepEqual(cluster.arrivals("/ordered"), [[1, 1]]);
      await post(second.api, 3);
      cluster.sendResponses();
      await until(() => cluster.allDelivered());
      assert.deepEqual(cluster.arrivals("/ordered"), [
        [1, 1],
        [2, 1],
        [3, 1],
      ]);
      assert.deepEqual([...cluster.arrivals("/plain")].sort(), [
        [1, 1],
        [2, 1],
        [3, 1],
      ]);
      const deliveries = await cluster.deliveries();
      assert.deepEqual(
        deliveries.map(({ attempt_count: attempts }) => attempts),
        deliveries.map(() => 1),
      );
      const workers = await cluster.query(({ db }) => db.selectFrom("workers").selectAll().execute());
      assert.deepEqual(
        workers.map(({ host, pid, boot_id: pidScope }) => [host, pid, pidScope.split("/")[0]]),
        workers.map(() => [HOST, 1, workers[0]?.boot_id.split("/")[0]]),
      );
      assert.equal(new Set(workers.map(({ id }) => id)).size, 2);
    });

    it("take over from a killed process, and lose nothing", async () => {
      const first = await cluster.start();
      await connectBoth(first.api);
      cluster.delayResponses();
      await post(first.api, 1, 2);
      await until(() => cluster.receiver.received.length === 3);
      await first.server.kill();
      cluster.sendResponses();
      const second = await cluster.start();
      // SQLite shows that there is no other process; on PostgreSQL the second one waits until the first counts as silent.
      if (dialect === "sqlite") {
        await until(() => second.server.output().includes("a previous process stopped while sending"));
        const { workers } = (await second.api.get("/api/system")).body.data;
        assert.equal(workers.length, 1, "no connection is left to the one that was killed");
      }
      await post(second.api, 3);
      await untilLate(() => cluster.allDelivered());
      assert.deepEqual(cluster.arrivals("/ordered"), [
        [1, 2],
        [2, 1],
        [3, 1],
      ]);
      assert.deepEqual([...cluster.arrivals("/plain")].sort(), [
        [1, 2],
        [2, 2],
        [3, 1],
      ]);
    });

    it("continue when the other process is stopped, and send nothing twice", async () => {
      const first = await cluster.start();
      const second = await cluster.start();
      await connectBoth(first.api);
      cluster.receiver.respond = (response) => void setTimeout(() => response.writeHead(200).end(), 20);
      const numbers = Array.from({ length: 60 }, (_none, index) => index);
      await post(first.api, ...numbers.slice(0, 30));
      await post(second.api, ...numbers.slice(30));
      assert.equal(await first.server.stop(), 0);
      await until(() => cluster.allDelivered());
      const once = numbers.map((n) => [n, 1]);
      assert.deepEqual(cluster.arrivals("/ordered"), once);
      assert.deepEqual(
        [...cluster.arrivals("/plain")].sort(([a], [b]) => a - b),
        once,
      );
      const { workers } = (await second.api.get("/api/system")).body.data;
      assert.equal(workers.length, 1, "who has stopped in order is not listed");
    });
  });
});

describe("a process that is cut off from PostgreSQL", { skip: containersMissing }, () => {
  let cluster: Cluster;
  let between: StallableProxy;
  beforeEach(async () => {
    cluster = new Cluster(await makePostgres(), await startTestReceiver());
    between = await startStallableProxy(Number(new URL(cluster.database.databaseUrl ?? "").port));
  });
  afterEach(async () => {
    between.resume();
    await cluster.remove();
    await between.close();
  });

  it("starts no request once others may consider it gone, and works again afterwards", async () => {
    const detour = new URL(cluster.database.databaseUrl ?? "");
    detour.port = String(between.port);
    const first = await cluster.start({ DATABASE_URL: detour.href });
    const IN_FLIGHT = 3;
    await connect(first.api, `${cluster.receiver.url}/plain`, { concurrency: IN_FLIGHT });
    const numbers = Array.from({ length: 12 }, (_none, index) => index);
    cluster.delayResponses();
    await post(first.api, ...numbers);
    await until(() => cluster.arrivals("/plain").length === IN_FLIGHT);
    // The remaining deliveries are buffered, and would be sent as soon as those in flight have their responses.
    between.stall();
    await until(async () => {
      const ready = await first.api.get("/api/ready");
      return ready.status === 503 && ready.body.detail.includes("heartbeat");
    });
    cluster.sendResponses();
    const second = await cluster.start();
    await untilLate(() => cluster.allDelivered());
    between.resume();
    await untilLate(async () => (await first.api.get("/api/ready")).status === 200);
    await post(first.api, 200);
    await post(second.api, 201);
    await untilLate(() => cluster.allDelivered());
    const times = new Map(cluster.arrivals("/plain"));
    const others = [...numbers.slice(IN_FLIGHT), 200, 201];
    assert.deepEqual(
      others.map((n) => [n, times.get(n)]),
      others.map((n) => [n, 1]),
    );
    const inFlight = numbers.slice(0, IN_FLIGHT).map((n) => times.get(n) ?? 0);
    assert.ok(
      inFlight.every((count) => count === 1 || count === 2),
      "only what was in flight may come twice",
    );
  });
});
