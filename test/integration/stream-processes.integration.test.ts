import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "node:test";
import pg from "pg";
import { ApiClient } from "../support/api-client.ts";
import { makePostgres } from "../support/databases.ts";
import { type EventStream, openEventStream } from "../support/event-stream.ts";
import { startInstance, type TestInstance } from "../support/instance.ts";
import { type RunningServer, startServer } from "../support/server.ts";

const CLOSED_PORT_URL = "http://127.0.0.1:47999/hook";

describe("streams of several processes on one database", () => {
  let instance: TestInstance;
  let connectionId: string;
  const others: RunningServer[] = [];
  const opened: EventStream[] = [];

  before(async () => {
    instance = await startInstance(makePostgres);
    const created = await instance.api.post("/api/integrations/webhook", { webhook_url: CLOSED_PORT_URL });
    connectionId = created.body.data.id;
  });
  afterEach(async () => {
    for (const stream of opened.splice(0)) stream.close();
    await Promise.all(others.splice(0).map((server) => server.stop()));
  });
  after(() => instance.remove());

  const startAnother = async (): Promise<ApiClient> => {
    const server = await startServer(instance.environment, { dataDir: instance.database.dataDir });
    others.push(server);
    return new ApiClient(server.url, { key: instance.key });
  };

  const open = async (api: ApiClient): Promise<EventStream> => {
    const stream = await openEventStream(`${api.url}/api/stream`, {
      authorization: `Bearer ${instance.key}`,
    });
    opened.push(stream);
    await stream.until(() => stream.lastId() !== "");
    return stream;
  };

  const rename = async (api: ApiClient, name: string) => {
    const response = await api.patch(`/api/integrations/connections/${connectionId}`, { name });
    assert.equal(response.status, 200);
  };

  const sees = (stream: EventStream, name: string) =>
    stream.until(() =>
      stream.events.some(({ type, data }) => type === "connection" && data.name.startsWith(name)),
    );

  it("show changes of another process, both ways, each once", async () => {
    const other = await startAnother();
    const first = await open(instance.api);
    const second = await open(other);
    await rename(other, "renamed there");
    await Promise.all([sees(first, "renamed there"), sees(second, "renamed there")]);
    await rename(instance.api, "renamed here");
    await Promise.all([sees(first, "renamed here"), sees(second, "renamed here")]);
    const { body } = await other.post("/api/events", { type: "order.paid", data: {} });
    for (const stream of [first, second])
      await stream.until(() => stream.events.some(({ data }) => data.id === body.data.id));
    for (const stream of [first, second]) {
      const names = stream.events.filter(({ type }) => type === "connection").map(({ data }) => data.name);
      assert.deepEqual(names.slice(0, 2), ["renamed there", "renamed here"]);
      assert.ok(stream.events.every(({ type }) => type !== "reset"));
    }
  });

  it("show changes of a process that started later", async () => {
    const first = await open(instance.api);
    const other = await startAnother();
    await rename(other, "renamed by a newcomer");
    await sees(first, "renamed by a newcomer");
    // Wait until the new process knows which streams are open; until then it publishes everything.
    await first.until(() => first.events.length > 0);
    const before = first.comments();
    await first.until(() => first.comments() > before);
    await rename(other, "renamed later");
    await sees(first, "renamed later");
  });

  it("reset after more changes of another process than they show", async () => {
    const other = await startAnother();
    const first = await open(instance.api);
    const events = Array.from({ length: 300 }, () => ({ type: "many.more", data: {} }));
    await other.post("/api/events/batch", events);
    await first.until(() => first.events.some(({ type }) => type === "reset"));
    await rename(other, "renamed after a reset");
    await sees(first, "renamed after a reset");
  });

  it("reset and continue after notifications between the processes were interrupted", async () => {
    const other = await startAnother();
    const first = await open(instance.api);
    const admin = new pg.Client({ connectionString: instance.database.databaseUrl ?? "" });
    await admin.connect();
    await admin.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'opensend bus' and datname = current_database()",
    );
    await admin.end();
    await first.until(() => first.events.some(({ type }) => type === "reset"));
    // The other process may still be reconnecting: its notifications until then are lost, and appear as a gap.
    let isSeen = false;
    const seen = sees(first, "renamed after a cut").then(() => {
      isSeen = true;
    });
    for (let round = 0; !isSeen; round++) await rename(other, `renamed after a cut ${round}`);
    await seen;
  });

  it("end when their process is stopped", async () => {
    const other = await startAnother();
    const second = await open(other);
    const [server] = others.splice(0);
    assert.equal(await server?.stop(), 0);
    await second.ended;
  });
});
