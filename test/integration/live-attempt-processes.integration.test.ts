import assert from "node:assert/strict";
import type { ServerResponse } from "node:http";
import { after, afterEach, before, describe, it } from "node:test";
import pg from "pg";
import { ApiClient } from "../support/api-client.ts";
import { makePostgres } from "../support/databases.ts";
import { type EventStream, openEventStream } from "../support/event-stream.ts";
import { startInstance, type TestInstance } from "../support/instance.ts";
import { startTestReceiver, type TestReceiver } from "../support/receiver.ts";
import { type RunningServer, startServer, startWorker } from "../support/server.ts";
import { until } from "../support/until.ts";
import { untilSettled } from "../support/until-settled.ts";

const CONNECTIONS = 8;

type Shown = { readonly is_sending: boolean; readonly hold: object | null };

describe("attempts of another process on one database", () => {
  let instance: TestInstance;
  let receiver: TestReceiver;
  let listener: pg.Client;
  const pendingResponses: { readonly path: string; readonly response: ServerResponse }[] = [];
  /** Notifications between processes about attempts. */
  const hints: string[] = [];
  const opened: EventStream[] = [];
  const stops: (() => Promise<unknown>)[] = [];

  before(async () => {
    receiver = await startTestReceiver();
    receiver.respond = (response, { path }) => pendingResponses.push({ path, response });
    instance = await startInstance(makePostgres);
    listener = new pg.Client({ connectionString: instance.database.databaseUrl ?? "" });
    await listener.connect();
    listener.on("notification", ({ payload }) => hints.push(payload ?? ""));
    await listener.query("listen opensend_attempts");
  });
  afterEach(async () => {
    for (const { response } of pendingResponses.splice(0)) response.end();
    for (const stream of opened.splice(0)) stream.close();
    for (const stop of stops.splice(0)) await stop();
  });
  after(async () => {
    await listener.end();
    await instance.remove();
    await receiver.close();
  });

  const open = async (api: ApiClient, query: string): Promise<EventStream> => {
    const stream = await openEventStream(`${api.url}/api/stream${query}`, {
      authorization: `Bearer ${instance.key}`,
    });
    opened.push(stream);
    await stream.until(() => stream.lastId() !== "");
    return stream;
  };
  const stagesOf = (stream: EventStream) =>
    stream.events.filter(({ type }) => type === "attempt").map(({ data }) => data.stage);
  const connect = async (path: string, type: string): Promise<string> => {
    const webhook_url = `${receiver.url}${path}`;
    const created = await instance.api.post("/api/integrations/webhook", {
      webhook_url,
      event_types: [type],
    });
    return created.body.data.id;
  };
  const deliveryOf = async (connectionId: string): Promise<string> => {
    const { body } = await instance.api.get(`/api/deliveries?connection_id=${connectionId}`);
    return body.data[0].id;
  };

  it("are published by a process that only delivers, beginning with their current stage", async () => {
    const worker = await startWorker(instance.environment);
    stops.push(worker.stop);
    const store = instance.database.open();
    await untilSettled(store, 2);
    await store.close();
    // With so many connections, each of the two processes owns some.
    const connections = new Map<string, string>();
    for (let index = 0; index < CONNECTIONS; index++) {
      connections.set(`/worked/${index}`, await connect(`/worked/${index}`, "worked.*"));
    }
    await instance.api.post("/api/events", { type: "worked.now", data: {} });
    await until(() => pendingResponses.length === CONNECTIONS);
    assert.deepEqual(hints, [], "what nobody watches is not told");

    const streams = new Map<string, EventStream>();
    for (const [path, id] of connections) {
      streams.set(path, await open(instance.api, `?delivery_id=${await deliveryOf(id)}`));
    }
    for (const stream of streams.values()) {
      await stream.until(() => stagesOf(stream).at(-1) === "first_byte");
    }
    assert.ok(hints.length > 0, "the worker had some of them");
    assert.ok(hints.every((hint) => Buffer.byteLength(hint) < 8000));
    for (const { path, response } of pendingResponses.splice(0)) {
      response.end();
      const stream = streams.get(path);
      // In either order: stages and changes use separate channels.
      await stream?.until(
        () =>
          stagesOf(stream).at(-1) === "done" && stream.events.some(({ data }) => data.status === "delivered"),
      );
    }
  });

  it("are shown as being sent by every process", async () => {
    const server = await startServer(instance.environment, { dataDir: instance.database.dataDir });
    stops.push(server.stop);
    const store = instance.database.open();
    await untilSettled(store, 2);
    await store.close();
    const apis = [instance.api, new ApiClient(server.url, { key: instance.key })];
    for (let index = 0; index < CONNECTIONS; index++) await connect(`/asked/${index}`, "asked.*");
    const { id: eventId } = (await instance.api.post("/api/events", { type: "asked.now", data: {} })).body
      .data;
    await until(() => pendingResponses.length === CONNECTIONS);
    for (const api of apis) {
      const list = (await api.get(`/api/deliveries?event_id=${eventId}`)).body.data;
      const listed = list.map(({ is_sending, hold }: Shown) => [is_sending, hold]);
      assert.deepEqual(listed, Array(CONNECTIONS).fill([true, null]));
      const { deliveries } = (await api.get(`/api/events/${eventId}`)).body.data;
      assert.ok(deliveries.every(({ is_sending }: Shown) => is_sending));
      const { data } = (await api.get(`/api/deliveries/${list[0].id}`)).body;
      assert.equal(data.is_sending, true);
    }
    for (const { response } of pendingResponses.splice(0)) response.end();
    const isSending = async (api: ApiClient) =>
      (await api.get(`/api/deliveries?event_id=${eventId}`)).body.data.some((one: Shown) => one.is_sending);
    for (const api of apis) await until(async () => !(await isSending(api)));
  });

  it("are published for a test in another process to streams of its connection", async () => {
    const server: RunningServer = await startServer(instance.environment, {
      dataDir: instance.database.dataDir,
    });
    stops.push(server.stop);
    const other = new ApiClient(server.url, { key: instance.key });
    const connectionId = await connect("/tested", "tested.*");
    const stream = await open(instance.api, `?connection_id=${connectionId}`);
    const testing = other.post(`/api/integrations/connections/${connectionId}/test`);
    await stream.until(() => stagesOf(stream).at(-1) === "first_byte");
    // The request was sent, but may not have arrived yet.
    await until(() => pendingResponses.length === 1);
    pendingResponses.splice(0)[0]?.response.end();
    assert.equal((await testing).body.delivery.ok, true);
    await stream.until(() => stagesOf(stream).at(-1) === "done");
  });

  it("are published again after notifications between the processes were interrupted", async () => {
    const server = await startServer(instance.environment, { dataDir: instance.database.dataDir });
    stops.push(server.stop);
    const other = new ApiClient(server.url, { key: instance.key });
    const connectionId = await connect("/cut", "cut.*");
    const stream = await open(instance.api, `?connection_id=${connectionId}`);
    const testing = other.post(`/api/integrations/connections/${connectionId}/test`);
    await stream.until(() => stagesOf(stream).length > 0 && pendingResponses.length > 0);
    const before = stagesOf(stream).length;
    await listener.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'opensend bus' and datname = current_database()",
    );
    await stream.until(() => stagesOf(stream).length > before);
    assert.equal(stagesOf(stream).at(-1), "first_byte");
    pendingResponses.splice(0)[0]?.response.end();
    await testing;
  });
});
