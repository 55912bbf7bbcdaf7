import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { ApiClient } from "../support/api-client.ts";
import { makePostgres } from "../support/databases.ts";
import { openEventStream } from "../support/event-stream.ts";
import { startInstance, type TestInstance } from "../support/instance.ts";
import { type RunningServer, startServer } from "../support/server.ts";
import { until } from "../support/until.ts";

describe("the inspector of several processes on one database", () => {
  let instance: TestInstance;
  let second: RunningServer;
  let other: ApiClient;

  before(async () => {
    instance = await startInstance(makePostgres);
    second = await startServer(instance.environment, { dataDir: instance.database.dataDir });
    other = new ApiClient(second.url, { key: instance.key });
  });
  after(async () => {
    await second.stop();
    await instance.remove();
  });

  const listed = async (api: ApiClient) => (await api.get("/api/inspector/requests")).body.data;

  it("responds as configured in another process, and shows the same requests in each", async () => {
    const { api } = instance;
    const created = await Promise.all([
      api.post("/api/integrations/inspector"),
      other.post("/api/integrations/inspector"),
    ]);
    assert.deepEqual(created.map(({ status }) => status).sort(), [200, 201]);
    const path = `/api/integrations/connections/${created[0].body.data.id}/test`;
    const stream = await openEventStream(`${api.url}/api/stream`, {
      authorization: `Bearer ${instance.key}`,
    });
    await stream.until(() => stream.lastId() !== "");
    await other.patch("/api/inspector", { answer: "404" });
    assert.equal((await api.post(path)).body.delivery.status, 404);
    await api.patch("/api/inspector", { answer: "500" });
    assert.equal((await other.post(path)).body.delivery.status, 500);
    await until(async () => (await listed(api)).length === 2);
    assert.deepEqual(await listed(other), await listed(api));
    assert.deepEqual(
      (await listed(other)).map(({ answer }: { answer: string }) => answer),
      ["500", "404"],
    );
    const seen = () => stream.events.filter(({ type }) => type === "inspector_request");
    await stream.until(() => new Set(seen().map(({ data }) => data.id)).size === 2);
    stream.close();
    await other.delete("/api/inspector/requests");
    assert.deepEqual(await listed(api), []);
  });
});
